using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Health;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Telemetry;

/// <summary>What a silo counts and measures, under the meter <c>Webhooks</c>.</summary>
internal sealed class WebhookMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Webhooks";

    private readonly EndpointMarks _marks;
    private readonly StoreClock _clock;
    private readonly HealthOptions _options;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _attempts;

    public WebhookMetrics(IMeterFactory meters, EndpointMarks marks, StoreClock clock, IOptions<HealthOptions> options)
    {
        _marks = marks;
        _clock = clock;
        _options = options.Value;
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("webhooks.messages.accepted", "{message}", "Messages committed to the log.");
        _attempts = meter.CreateCounter<long>("webhooks.attempts", "{attempt}", "Attempts that have ended, by outcome.");
        meter.CreateObservableGauge("webhooks.queue.waiting_endpoints", CountWaiting, "{endpoint}", "Endpoints active in this silo with something waiting.");
        meter.CreateObservableGauge("webhooks.endpoint.oldest_waiting.age", MeasureOldest, "s", "Age of the oldest accepted message that waits for an endpoint; of the endpoints active in this silo those where it is the oldest.");
    }

    /// <summary>The same counts, to be read.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Messages are in the log.</summary>
    public void Accepted(int messages)
    {
        _accepted.Add(messages);
        Tally.Accept(messages);
    }

    /// <summary>An attempt has ended.</summary>
    public void Attempted(AttemptOutcome outcome)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", Word(outcome)));
        Tally.Attempt(outcome);
    }

    private int CountWaiting() => _marks.CountWaiting();

    private IEnumerable<Measurement<double>> MeasureOldest()
    {
        var now = _clock.GetUtcNow();
        return _marks.FindOldest(_options.MeasuredEndpoints).Select(found => new Measurement<double>(
            Math.Max(0, (now - found.Oldest).TotalSeconds),
            new KeyValuePair<string, object?>("application", found.Mark.Application),
            new KeyValuePair<string, object?>("endpoint", found.Mark.Endpoint)));
    }

    /// <summary>An outcome, as metrics and reports name it.</summary>
    public static string Word(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Success => "success",
        AttemptOutcome.HttpError => "http_error",
        AttemptOutcome.TimedOut => "timed_out",
        AttemptOutcome.NameNotResolved => "name_not_resolved",
        AttemptOutcome.ConnectFailed => "connect_failed",
        AttemptOutcome.TlsFailed => "tls_failed",
        AttemptOutcome.Refused => "refused",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "broken",
    };
}
