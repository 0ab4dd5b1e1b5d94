using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Applications;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Health;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Telemetry;

/// <summary>What a silo looks up when it is asked: its queues, its budgets, its store. There from the process's start on.</summary>
internal sealed class SiloGauges : IHostedService
{
    private readonly WebhookMetrics _metrics;
    private readonly EndpointMarks _marks;
    private readonly StoreClock _clock;
    private readonly int _measuredEndpoints;

    public SiloGauges(
        IMeterFactory meters,
        WebhookMetrics metrics,
        EndpointMarks marks,
        StoreClock clock,
        AttemptSlots slots,
        PublishBudget publishes,
        WindowBudget windows,
        StoreState store,
        IOptions<HealthOptions> health,
        IOptions<DeliveryOptions> delivery,
        IOptions<StoreOptions> storage)
    {
        _metrics = metrics;
        _marks = marks;
        _clock = clock;
        _measuredEndpoints = health.Value.MeasuredEndpoints;
        var limits = delivery.Value;
        var meter = meters.Create(Meters.Name);
        meter.CreateObservableGauge("webhooks.queue.waiting_endpoints", marks.CountWaiting, "{endpoint}", "Endpoints active in this silo with something waiting.");
        meter.CreateObservableGauge("webhooks.queue.depth", marks.SumDepths, "{message}", "Messages that wait for endpoints active in this silo, at most.");
        meter.CreateObservableGauge("webhooks.endpoint.oldest_waiting.age", MeasureOldest, "s", "Age of the oldest accepted message that waits for an endpoint; of the endpoints active in this silo those where it is the oldest.");
        meter.CreateObservableGauge("webhooks.endpoint.queue.depth", MeasureDepths, "{message}", "Messages that wait for an endpoint, at most; of the same endpoints.");
        meter.CreateObservableGauge("webhooks.attempts.active", () => Pools(slots.InFlight), "{attempt}", "Attempts in flight, by pool.");
        meter.CreateObservableGauge("webhooks.attempts.active.limit", () => Pools(slots.Limit), "{attempt}", "Attempts that may be in flight, by pool.");
        meter.CreateObservableGauge("webhooks.publishes.pending", () => publishes.Messages, "{message}", "Messages that wait for a commit.");
        meter.CreateObservableGauge("webhooks.publishes.pending.limit", () => limits.PendingPublishes, "{message}", "Messages that may wait for a commit.");
        meter.CreateObservableGauge("webhooks.windows.size", () => windows.Bytes, "By", "Payload bytes that endpoints hold in memory.");
        meter.CreateObservableGauge("webhooks.windows.size.limit", () => limits.SiloWindowBytes, "By", "Payload bytes that endpoints may hold in memory before each holds one message only.");
        meter.CreateObservableGauge("webhooks.store.available", () => store.IsOut ? 0 : 1, "{status}", "Whether the store answers: 1 it does, 0 it does not.");
        if (storage.Value.ConnectionString is null)
        {
            var folder = storage.Value.DataDirectory;
            meter.CreateObservableGauge("webhooks.disk.available", () => Disk(folder, static d => d.AvailableFreeSpace), "By", "Bytes free where the data directory is.");
            meter.CreateObservableGauge("webhooks.disk.size", () => Disk(folder, static d => d.TotalSize), "By", "Bytes that there are where the data directory is.");
        }
    }

    // Not in the constructor: what is counted before anybody listens is not seen.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<double>> MeasureOldest()
    {
        var now = _clock.GetUtcNow();
        return _marks.FindOldest(_measuredEndpoints).Select(found => new Measurement<double>(Math.Max(0, (now - found.Oldest).TotalSeconds), Tags(found.Mark)));
    }

    private IEnumerable<Measurement<long>> MeasureDepths() =>
        _marks.FindOldest(_measuredEndpoints).Select(static found => new Measurement<long>(found.Mark.Depth, Tags(found.Mark)));

    private static KeyValuePair<string, object?>[] Tags(EndpointMark mark) => [new("application", mark.Application), new("endpoint", mark.Endpoint)];

    private static Measurement<int>[] Pools(Func<bool, int> measure) =>
    [
        new(measure(false), new KeyValuePair<string, object?>("pool", "healthy")),
        new(measure(true), new KeyValuePair<string, object?>("pool", "failing")),
    ];

    private static IEnumerable<Measurement<long>> Disk(string folder, Func<DriveInfo, long> measure)
    {
        try
        {
            return [new Measurement<long>(measure(new DriveInfo(folder)))];
        }
        catch (IOException)
        {
            // Not there yet, or no more: the store says so in its own way.
            return [];
        }
    }
}
