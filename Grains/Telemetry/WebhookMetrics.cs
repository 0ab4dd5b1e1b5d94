using System.Diagnostics.Metrics;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Telemetry;

/// <summary>What the grains of a silo count as it happens.</summary>
internal sealed class WebhookMetrics
{
    /// <summary>Refused because too much waits for a commit.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>Refused because the store does not answer, or did not in time.</summary>
    public const string StoreUnavailable = "store_unavailable";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _ticks;
    private readonly UpDownCounter<long> _reminders;
    private readonly Histogram<double> _publish;
    private readonly Histogram<double> _attempt;
    private readonly Histogram<double> _delay;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meters.Name);
        _accepted = meter.CreateCounter<long>("webhooks.messages.accepted", "{message}", "Messages committed to the log.");
        _refused = meter.CreateCounter<long>("webhooks.messages.refused", "{message}", "Messages that a silo refused to take, by reason.");
        _publish = meter.CreateHistogram("webhooks.publish.duration", "s", "From a message's arrival at its application until it is committed.", advice: Advice(Meters.Short));
        _attempts = meter.CreateCounter<long>("webhooks.attempts", "{attempt}", "Attempts that have ended, by outcome.");
        _attempt = meter.CreateHistogram("webhooks.attempt.duration", "s", "From an attempt's start to the last byte of the answer, by outcome.", advice: Advice(Meters.Exchange));
        _delay = meter.CreateHistogram("webhooks.delivery.delay", "s", "From a message's acceptance to the start of its first attempt at an endpoint.", advice: Advice(Meters.Wait));
        _reminders = meter.CreateUpDownCounter<long>("webhooks.reminders.held", "{reminder}", "Reminders that grains active in this silo hold, by kind.");
        _ticks = meter.CreateCounter<long>("webhooks.reminders.ticks", "{tick}", "Ticks of reminders in this silo, by kind.");
    }

    /// <summary>Shows zero where nothing has happened yet, so that the first event is a rise.</summary>
    public void Begin()
    {
        _accepted.Add(0);
        foreach (var reason in (string[])[Overloaded, StoreUnavailable])
        {
            _refused.Add(0, Reason(reason));
        }

        foreach (var outcome in Enum.GetValues<AttemptOutcome>())
        {
            _attempts.Add(0, Outcome(outcome));
        }

        foreach (var kind in Enum.GetValues<ReminderKind>())
        {
            _reminders.Add(0, Kind(kind));
            _ticks.Add(0, Kind(kind));
        }
    }

    /// <summary>The same counts, to be read.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Messages are in the log.</summary>
    public void Accepted(int messages)
    {
        _accepted.Add(messages);
        Tally.Accept(messages);
    }

    /// <summary>A message has been committed, this long after it arrived.</summary>
    public void Published(TimeSpan after) => _publish.Record(after.TotalSeconds);

    /// <summary>Messages were refused.</summary>
    public void Refused(string reason, int messages) => _refused.Add(messages, Reason(reason));

    /// <summary>The first attempt of a message at an endpoint starts.</summary>
    public void FirstAttempt(TimeSpan afterAcceptance) => _delay.Record(Math.Max(0, afterAcceptance.TotalSeconds));

    /// <summary>An attempt has ended.</summary>
    public void Attempted(AttemptResult result)
    {
        var outcome = Outcome(result.Outcome);
        _attempts.Add(1, outcome);
        _attempt.Record(result.Duration.TotalSeconds, outcome);
        Tally.Attempt(result.Outcome);
    }

    /// <summary>A grain has got a reminder (1), or has let go of one (-1).</summary>
    public void Held(ReminderKind kind, int change) => _reminders.Add(change, Kind(kind));

    /// <summary>A reminder has rung.</summary>
    public void Ticked(ReminderKind kind) => _ticks.Add(1, Kind(kind));

    private static InstrumentAdvice<double> Advice(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private static KeyValuePair<string, object?> Outcome(AttemptOutcome outcome) => new("outcome", AttemptWords.Of(outcome));

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);

    private static KeyValuePair<string, object?> Kind(ReminderKind kind) => new("kind", kind switch
    {
        ReminderKind.Retry => "retry",
        ReminderKind.Schedule => "schedule",
        _ => "recovery",
    });
}
