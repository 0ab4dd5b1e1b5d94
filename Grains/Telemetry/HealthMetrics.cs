using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Webhooks.Grains.Health;

namespace Webhooks.Grains.Telemetry;

/// <summary>The checks of the health pages as a gauge, so that whoever watches metrics need not ask the pages too.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    private const double Degraded = 0.5;

    private volatile HealthReport? _last;

    public HealthMetrics(IMeterFactory meters) => meters.Create(Meters.Name).CreateObservableGauge(
        "webhooks.health.status", Measure, "{status}", "The checks of the health pages: 1 well, 0.5 degraded, 0 red.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _last = report;
        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<double>> Measure()
    {
        foreach (var (name, entry) in _last?.Entries ?? new Dictionary<string, HealthReportEntry>())
        {
            var value = entry.Status switch
            {
                HealthStatus.Healthy => 1,
                HealthStatus.Degraded => Degraded,
                _ => 0,
            };
            var page = entry.Tags.Contains(HealthPages.Live) ? HealthPages.Live : HealthPages.Ready;
            yield return new Measurement<double>(value, new KeyValuePair<string, object?>("check", name), new KeyValuePair<string, object?>("page", page));
        }
    }
}
