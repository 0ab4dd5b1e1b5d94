using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>Those who look on: told of what is in the store, forgotten when they do not ask again.</summary>
internal sealed partial class EndpointGrain
{
    /// <summary>Of one commit; beyond it a watcher is told how many there were.</summary>
    private const int MostNotices = 64;

    private static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(90);

    // By when they last asked.
    private readonly Dictionary<IEndpointWatcher, long> _watchers = [];

    public Task<WatchAnswer> Watch(IEndpointWatcher watcher)
    {
        ForgetWatchers();
        if (!_watchers.ContainsKey(watcher) && _watchers.Count >= services.Options.Watchers)
        {
            return Task.FromResult(WatchAnswer.Refused);
        }

        var known = _watchers.ContainsKey(watcher);
        _watchers[watcher] = services.Clock.GetTimestamp();
        return Task.FromResult(known ? WatchAnswer.Renewed : WatchAnswer.Added);
    }

    public Task Unwatch(IEndpointWatcher watcher)
    {
        _watchers.Remove(watcher);
        return Task.CompletedTask;
    }

    private void TellWatchers(List<AttemptRow> attempts, RecoveryStep? step, bool changed)
    {
        if (_watchers.Count == 0 || (attempts.Count == 0 && step is null && !changed))
        {
            return;
        }

        ForgetWatchers();
        var notices = attempts.TakeLast(MostNotices).Select(static row => new AttemptNotice(
            EntityId.Format(EntityId.Attempt, row.Id),
            EntityId.Format(EntityId.Message, row.Message),
            row.Status,
            row.StatusCode,
            row.StartedAt,
            row.NextAttemptAt));
        Tell(new EndpointNews(_configuration.Id, [.. notices], attempts.Count, Notice(step), changed, Leaving: false));
    }

    private void LeaveWatchers()
    {
        if (_watchers.Count > 0)
        {
            Tell(new EndpointNews(this.GetPrimaryKeyString(), [], 0, null, Changed: false, Leaving: true));
            _watchers.Clear();
        }
    }

    // One way: whoever is gone is not waited for.
    private void Tell(EndpointNews news)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Happened(news).Ignore();
        }
    }

    private RecoveryNotice? Notice(RecoveryStep? step) => step is null || _recovery is not { } recovery ? null : new RecoveryNotice(
        EntityId.Format(EntityId.BackgroundTask, step.Id),
        step.Status,
        step.Sent,
        step.Matched,
        Math.Max(0, Math.Min(step.Position, recovery.ToSeq) - recovery.FromSeq),
        Math.Max(0, recovery.ToSeq - recovery.FromSeq));

    private void ForgetWatchers()
    {
        foreach (var (watcher, _) in _watchers.Where(w => services.Clock.GetElapsedTime(w.Value) > WatchedFor).ToList())
        {
            _watchers.Remove(watcher);
        }
    }
}
