using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Storage;

/// <summary>All publishes of a silo's applications that arrive while a commit is in flight share the next one.</summary>
internal sealed class AppendWriter
{
    private const int MaxApplications = 256;
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly GroupCommit<AppendRequest, bool> _commits;
    private readonly Func<AppendRequest, Task<bool>> _schedule;

    public AppendWriter(IMessageLog log, StoreClock clock, StoreState state, CommitMetrics metrics, IOptions<DeliveryOptions> options)
    {
        var window = options.Value.IdempotencyWindow;
        _schedule = request => metrics.MeasureAsync(
            "schedule",
            request.Messages.Count,
            request.Messages.Select(static m => m.TraceParent),
            () => state.NotingAsync(() => log.ScheduleAsync(request, clock.GetUtcNow() - window, CancellationToken.None)));
        _commits = new(
            (batch, cancellationToken) => metrics.MeasureAsync(
                "append",
                batch.Sum(static request => request.Messages.Count),
                batch.SelectMany(static request => request.Messages, static (_, m) => m.TraceParent),
                () => state.NotingAsync(() => log.AppendAsync(batch, clock.GetUtcNow() - window, cancellationToken))),
            static request => request.Application,
            MaxApplications,
            MaxBytes,
            static request => request.Messages.Sum(static m => (long)(m.Payload?.Length ?? 0)));
    }

    /// <summary>Whether the application's head moved. Throws as <see cref="IMessageLog"/> does.</summary>
    public Task<bool> AppendAsync(AppendRequest request) => _commits.AddAsync(request);

    /// <summary>Whether the messages are in the schedule. Each call is a commit of its own: they are few.</summary>
    public Task<bool> ScheduleAsync(AppendRequest request) => _schedule(request);
}

/// <summary>Outcomes of a silo's endpoints, committed together; they linger a little, which makes groups larger and costs no delivery any time.</summary>
internal sealed class OutcomeWriter
{
    private const int MaxEndpoints = 512;
    private const long MaxBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly GroupCommit<OutcomeBatch, bool> _commits;

    public OutcomeWriter(ICursorStore cursors, StoreState state, CommitMetrics metrics) => _commits = new(
        (batch, cancellationToken) => metrics.MeasureAsync(
            "outcome",
            batch.Sum(static outcomes => outcomes.Attempts.Count),
            batch.SelectMany(static outcomes => outcomes.Attempts, static (_, attempt) => attempt.TraceParent),
            () => state.NotingAsync(() => cursors.RecordAsync(batch, cancellationToken))),
        static batch => batch.Endpoint,
        MaxEndpoints,
        MaxBytes,
        static batch => batch.Attempts.Sum(static a => (long)a.Response.Length),
        Linger);

    /// <summary>False when the epoch has moved on. Throws as <see cref="ICursorStore"/> does; repeating is harmless.</summary>
    public Task<bool> RecordAsync(OutcomeBatch batch) => _commits.AddAsync(batch);
}
