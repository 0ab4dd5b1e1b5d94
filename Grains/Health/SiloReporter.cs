using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Cluster;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Health;

/// <summary>
/// What this silo reports of itself. Looks at its endpoints at most twice a second, whoever asks how often: that look
/// takes time by their number, what it brings home does not.
/// </summary>
internal sealed class SiloReporter(
    ILocalSiloDetails local,
    StoreState store,
    StuckEndpoints stuck,
    EndpointMarks marks,
    WebhookMetrics metrics,
    StoreClock clock,
    IClusterStore kind,
    IOptions<HealthOptions> options)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(500);

    private readonly string _self = local.SiloAddress.ToParsableString();
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private SiloReport? _last;
    private long _lookedAt;

    /// <summary>The report. Asked by one grain, one call at a time.</summary>
    public async Task<SiloReport> LookAsync(IGrainFactory grains)
    {
        if (_last is not null && TimeProvider.System.GetElapsedTime(_lookedAt) < Kept)
        {
            return _last;
        }

        var statistics = await grains.GetGrain<IManagementGrain>(0).GetRuntimeStatistics([local.SiloAddress]);
        var survey = marks.Survey(options.Value.MeasuredEndpoints);
        _lookedAt = TimeProvider.System.GetTimestamp();
        return _last = new SiloReport
        {
            Silo = _self,
            At = clock.GetUtcNow(),
            StartedAt = _startedAt,
            StoreAnswers = !store.IsOut,
            Trouble = stuck.Describe(),
            Endpoints = survey.Endpoints,
            WaitingEndpoints = survey.Waiting,
            WaitingMessages = survey.Messages,
            Oldest = [.. survey.Oldest.OrderBy(static o => o.Oldest).Take(MostListed).Select(static o => new WaitingEndpoint(o.Mark.Application, o.Mark.Endpoint, o.Oldest, o.Mark.Depth))],
            Accepted = metrics.Tally.Accepted,
            Attempts = metrics.Tally.Attempts(),
            MemoryBytes = Environment.WorkingSet,
            Activations = statistics is [var own] ? own.ActivationCount : 0,
            Store = kind.Name,
        };
    }

    /// <summary>More would be no list for people.</summary>
    private const int MostListed = 20;
}
