using Orleans.Concurrency;

namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>
/// Passes on how an organization's tasks in the background are getting on, from the endpoints that carry them out to the
/// gateways that show them. Keyed by the organization. Remembers nothing: who comes later reads the list first.
/// </summary>
[Alias("webhooks.ITaskBoard")]
public interface ITaskBoard : IGrainWithStringKey
{
    /// <summary>Tells a watcher from now on, until it has not called for a minute and a half. True when it was not known before.</summary>
    [Alias("Watch")]
    Task<bool> Watch(ITaskWatcher watcher);

    /// <summary>Tells a watcher no more.</summary>
    [Alias("Leave")]
    Task Leave(ITaskWatcher watcher);

    /// <summary>A task has got on.</summary>
    [Alias("Tell")]
    Task Tell(RecoverProgress progress);
}

/// <summary>Is told how tasks are getting on. What is said is not repeated when it gets lost.</summary>
[Alias("webhooks.ITaskWatcher")]
public interface ITaskWatcher : IGrainObserver
{
    /// <summary>A task has got on.</summary>
    [Alias("Changed"), OneWay]
    Task Changed(RecoverProgress progress);
}
