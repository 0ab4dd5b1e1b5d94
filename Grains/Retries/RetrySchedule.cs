namespace Webhooks.Grains.Retries;

/// <summary>
/// When a failed message is tried again, and when no more. Pure: time and chance are passed in.
/// The n-th retry comes delays[n-1] after the attempt before it, spread evenly by ± jitter.
/// </summary>
internal sealed class RetrySchedule
{
    // The share of the schedule's sum that its deadline allows beyond it, unless the jitter alone may need more.
    private const double DeadlineSlack = 0.2;
    private const double MaxRetryAfterFactor = 2;

    private readonly TimeSpan[] _delays;
    private readonly double _jitter;
    private readonly TimeSpan _lifetime;

    /// <param name="delays">Seconds between attempts, none negative; empty for a single attempt.</param>
    /// <param name="jitter">0 to 1.</param>
    public RetrySchedule(IReadOnlyList<int> delays, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        _delays = new TimeSpan[delays.Count];
        var sum = 0L;
        for (var i = 0; i < _delays.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(delays[i], nameof(delays));
            _delays[i] = TimeSpan.FromSeconds(delays[i]);
            sum += delays[i];
        }

        _jitter = jitter;
        _lifetime = TimeSpan.FromSeconds(sum) * (1 + Math.Max(DeadlineSlack, jitter));
    }

    /// <summary>Attempts a message gets at most.</summary>
    public int MaxAttempts => _delays.Length + 1;

    /// <summary>The moment from which a failed attempt of a message accepted then is its last.</summary>
    public DateTimeOffset Deadline(DateTimeOffset acceptedAt, TimeSpan requestTimeout) =>
        acceptedAt + _lifetime + (requestTimeout * MaxAttempts);

    /// <summary>
    /// What comes after <paramref name="attemptsMade"/> attempts, the last of which has just failed. A message that was
    /// never tried is due now, however old it is.
    /// </summary>
    /// <param name="retryAfter">What the receiver asked for; honoured up to twice the step's delay.</param>
    public RetryDecision Decide(
        int attemptsMade, DateTimeOffset acceptedAt, DateTimeOffset now, TimeSpan requestTimeout, Random random, TimeSpan? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attemptsMade);
        if (attemptsMade == 0)
        {
            return new RetryDecision.RetryAt(now);
        }

        if (attemptsMade >= MaxAttempts)
        {
            return new RetryDecision.GiveUp(GiveUpReason.ScheduleUsedUp);
        }

        return now > Deadline(acceptedAt, requestTimeout)
            ? new RetryDecision.GiveUp(GiveUpReason.DeadlinePassed)
            : new RetryDecision.RetryAt(now + Delay(attemptsMade, random, retryAfter));
    }

    /// <summary>The wait after <paramref name="attempts"/> failed attempts; a schedule that is used up keeps to its last step, as probes do.</summary>
    public TimeSpan Delay(int attempts, Random random, TimeSpan? retryAfter = null)
    {
        var step = Step(attempts);
        var delay = step * (1 + (_jitter * ((2 * random.NextDouble()) - 1)));
        if (retryAfter is { } asked)
        {
            var granted = asked < step * MaxRetryAfterFactor ? asked : step * MaxRetryAfterFactor;
            return granted > delay ? granted : delay;
        }

        return delay;
    }

    /// <summary>The most that the due time of a message tried <paramref name="attempts"/> times may lie ahead.</summary>
    public TimeSpan MaxDelay(int attempts) => Step(attempts) * MaxRetryAfterFactor;

    /// <summary>
    /// <paramref name="due"/>, or the latest moment its step allows where it lies beyond that: a clock that once ran ahead
    /// must not hold a queue.
    /// </summary>
    public DateTimeOffset PullIn(DateTimeOffset due, DateTimeOffset now, int attempts)
    {
        var latest = now + MaxDelay(attempts);
        return due > latest ? latest : due;
    }

    private TimeSpan Step(int attempts) =>
        attempts <= 0 || _delays.Length == 0 ? TimeSpan.Zero : _delays[Math.Min(attempts, _delays.Length) - 1];
}
