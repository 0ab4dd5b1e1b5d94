using Webhooks.Gateway.Api.Cluster;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Portal.Tasks;

/// <summary>The news of one organization's tasks. Thread-safe.</summary>
internal sealed partial class TaskFeed(string organization, int mostWatchers, IGrainFactory grains, ILogger<TaskFeed> logger) : ITaskWatcher
{
    private const int MostKept = 500;

    /// <summary>Several times within the board's patience.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RecoverProgress> _latest = new(StringComparer.Ordinal);
    private ITaskWatcher? _me;

    /// <summary>Told when a task has got on, and when some news may have been missed.</summary>
    public Watchers Watchers { get; } = new(mostWatchers);

    /// <summary>Grows when news may have been missed: whoever shows a list reads it anew.</summary>
    public int Gaps { get; private set; }

    /// <summary>The newest word on each task that has got on since somebody looks.</summary>
    public IReadOnlyList<RecoverProgress> Look()
    {
        lock (_lock)
        {
            return [.. _latest.Values];
        }
    }

    public Task Changed(RecoverProgress progress)
    {
        lock (_lock)
        {
            if (progress.Id is { } id && (!_latest.TryGetValue(id, out var before) || before.UpdatedAt <= progress.UpdatedAt))
            {
                _latest[id] = progress;
                if (_latest.Count > MostKept)
                {
                    _latest.Remove(_latest.MinBy(static t => t.Value.UpdatedAt).Key);
                }
            }
        }

        Watchers.Tell();
        return Task.CompletedTask;
    }

    /// <summary>Holds the subscription while it is wanted. The first one also counts as a gap: the list may have been read before it.</summary>
    public async Task RunAsync(Func<bool> wanted)
    {
        using var timer = new PeriodicTimer(Renewal);
        do
        {
            await RenewAsync();
            await timer.WaitForNextTickAsync();
        }
        while (wanted());
        if (_me is { } me)
        {
            // Else the board's patience ends it.
            grains.GetGrain<ITaskBoard>(organization).Leave(me).Ignore();
            grains.DeleteObjectReference<ITaskWatcher>(me);
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            _me ??= grains.CreateObjectReference<ITaskWatcher>(this);
            if (await grains.GetGrain<ITaskBoard>(organization).Watch(_me))
            {
                Gaps++;
                Watchers.Tell();
            }
        }
        catch (Exception error)
        {
            // Of whatever kind, before the client has started also unusual ones: the next renewal tries again.
            Log.NotWatched(logger, error, organization);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2311, LogLevel.Information, "The tasks of {Organization} are not told at present; it is asked for again")]
        public static partial void NotWatched(ILogger logger, Exception error, string organization);
    }
}
