using Microsoft.Extensions.Logging;
using Orleans.Utilities;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Deliveries;

[GrainType("task-board")]
internal sealed class TaskBoard(ILogger<TaskBoard> logger) : Grain, ITaskBoard
{
    private readonly ObserverManager<ITaskWatcher> _watchers = new(TimeSpan.FromSeconds(90), logger);

    public Task<bool> Watch(ITaskWatcher watcher)
    {
        _watchers.ClearExpired();
        var before = _watchers.Count;
        _watchers.Subscribe(watcher, watcher);
        return Task.FromResult(_watchers.Count > before);
    }

    public Task Leave(ITaskWatcher watcher)
    {
        _watchers.Unsubscribe(watcher);
        return Task.CompletedTask;
    }

    public Task Tell(RecoverProgress progress) => _watchers.Notify(watcher => watcher.Changed(progress));
}
