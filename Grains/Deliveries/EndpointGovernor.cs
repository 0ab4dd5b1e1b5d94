using Webhooks.Grains.Retries;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>How an endpoint is held back. Values are the options' (see <c>DeliveryOptions</c>).</summary>
/// <param name="MaxInFlight">Attempts at once at most.</param>
/// <param name="OpenAfter">Consecutive failures after which the circuit opens.</param>
/// <param name="RampStart">Attempts per second when the circuit has just closed; twice as many each second.</param>
/// <param name="RampEnd">The rate from which on nothing is held back any more.</param>
/// <param name="Rate">Attempts per second at most; null for no limit.</param>
internal sealed record GovernorLimits(int MaxInFlight, int OpenAfter, double RampStart, double RampEnd, int? Rate);

/// <summary>
/// Whether an endpoint's next attempt may start, over all its lanes: its circuit with one backoff, the ramp after it, its
/// throttle, and what the receiver asked for. Pure state; not thread-safe.
/// </summary>
/// <remarks>
/// After some consecutive failures the circuit opens: one probe per step of the schedule, whatever waits. The first
/// success closes it; what has gathered then flows at a rate that doubles each second.
/// </remarks>
internal sealed class EndpointGovernor
{
    private const int BurstsPerSecond = 10;

    private readonly GovernorLimits _limits;
    private readonly TokenBucket? _throttle;
    private TokenBucket? _ramp;
    private DateTimeOffset _rampedAt;
    private DateTimeOffset? _openedAt;
    private int _limit;

    /// <param name="health">As it was left by whoever held the endpoint before.</param>
    /// <param name="limits">What to keep to.</param>
    /// <param name="now">Now.</param>
    public EndpointGovernor(EndpointHealth health, GovernorLimits limits, DateTimeOffset now)
    {
        _limits = limits;
        _limit = limits.MaxInFlight;
        _throttle = limits.Rate is { } rate ? new TokenBucket(rate, (double)rate / BurstsPerSecond, now) : null;
        Health = health;
        if (health.ConsecutiveFailures >= limits.OpenAfter)
        {
            _openedAt = now;
        }
        else if (health.ConsecutiveFailures > 0)
        {
            // Whatever it was that failed: a successor does not start at full speed.
            StartRamp(now);
        }
    }

    public EndpointHealth Health { get; private set; }

    /// <summary>Whether only probes go out.</summary>
    public bool IsOpen => _openedAt is not null;

    /// <summary>Attempts that may be in flight now.</summary>
    public int Limit => IsOpen ? 1 : _limit;

    /// <summary>Whether an attempt may start now; takes its place in the rates if so.</summary>
    public bool TryStart(DateTimeOffset now, int inFlight)
    {
        if (Health.NextAttemptAt > now || inFlight >= Limit)
        {
            return false;
        }

        AdvanceRamp(now);
        if (_ramp?.NextAt(now) > now || _throttle?.NextAt(now) > now)
        {
            return false;
        }

        _ramp?.TryTake(now);
        _throttle?.TryTake(now);
        return true;
    }

    /// <summary>When an attempt may start, as far as time is what it waits for; null when it is not.</summary>
    public DateTimeOffset? NextStart(DateTimeOffset now)
    {
        var next = Later(Later(Health.NextAttemptAt, _ramp?.NextAt(now)), _throttle?.NextAt(now));
        return next > now ? next : null;
    }

    /// <summary>An attempt succeeded: whatever held the endpoint back is over.</summary>
    public void Succeeded(DateTimeOffset now)
    {
        if (IsOpen)
        {
            _openedAt = null;
            _limit = 1;
            StartRamp(now);
        }

        _limit = Math.Min(_limits.MaxInFlight, _limit * 2);
        Health = EndpointHealth.Fresh;
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="startedAt">When it started: one that was under way when the circuit opened is no probe.</param>
    /// <param name="overloaded">Whether the receiver said that it is too much for it (429, 502, 503, 504).</param>
    /// <param name="holdUntil">Until when the receiver asked to be left alone; null when it did not.</param>
    public void Failed(DateTimeOffset startedAt, DateTimeOffset now, bool overloaded, DateTimeOffset? holdUntil, RetrySchedule schedule, Random random)
    {
        var failures = Health.ConsecutiveFailures + 1;
        var step = Health.Step;
        var next = Later(Health.NextAttemptAt > now ? Health.NextAttemptAt : null, holdUntil);
        if (IsOpen ? startedAt >= _openedAt : failures >= _limits.OpenAfter)
        {
            step++;
            next = Later(next, now + schedule.Delay(step, random));
            _openedAt = now;
            _ramp = null;
        }

        if (overloaded)
        {
            _limit = Math.Max(1, _limit / 2);
        }

        Health = Health with
        {
            FailingSince = Health.FailingSince ?? startedAt,
            ConsecutiveFailures = failures,
            Step = step,
            NextAttemptAt = next,
        };
    }

    /// <summary>The endpoint is to be disabled, for this reason.</summary>
    public void Disable(string reason) => Health = Health with { DisabledReason = reason };

    /// <summary>The endpoint was enabled: its failing is counted anew.</summary>
    public void Enable() => Health = Health with { DisabledReason = null, FailingSince = null, NextAttemptAt = null };

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;

    private void StartRamp(DateTimeOffset now)
    {
        _rampedAt = now;
        _ramp = new TokenBucket(_limits.RampStart, _limits.RampStart / BurstsPerSecond, now);
    }

    private void AdvanceRamp(DateTimeOffset now)
    {
        while (_ramp is not null && now - _rampedAt >= TimeSpan.FromSeconds(1))
        {
            var rate = _ramp.Rate * 2;
            _rampedAt += TimeSpan.FromSeconds(1);
            _ramp = rate >= _limits.RampEnd ? null : new TokenBucket(rate, rate / BurstsPerSecond, _rampedAt);
        }
    }
}
