namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>
/// One subscription endpoint: owns the order, concurrency, backoff and health of its deliveries.
/// Keyed by the endpoint's text id. What it is told are hints; its position comes from the log alone.
/// </summary>
[Alias("webhooks.IEndpointGrain")]
public interface IEndpointGrain : IGrainWithStringKey
{
    /// <summary>Tells of a stretch of the log. At most one such call is in flight per endpoint.</summary>
    [Alias("Deliver")]
    Task<HintAnswer> Deliver(DeliveryHint hint);

    /// <summary>Hands over the configuration as it now stands in the store.</summary>
    [Alias("Configure")]
    Task Configure(EndpointDetails configuration);

    /// <summary>Forgets what it holds in memory and starts again from the store.</summary>
    [Alias("Restart")]
    Task Restart();

    /// <summary>Stops for good: the endpoint was deleted.</summary>
    [Alias("Retire")]
    Task Retire();

    /// <summary>
    /// Sends the message with this id or event id once more, at once and beside the order, whether or not its filters
    /// let it through; answers when that is written down. NotFound when there is no such message, <c>missing_payload</c>
    /// when its payload is gone, Overloaded when too many wait. Of a disabled endpoint nothing is sent.
    /// </summary>
    [Alias("Resend")]
    Task<Answer<Done>> Resend(string message);

    /// <summary>
    /// Gives up everything that waits up to this place of the log: dead letters with this reason. What is in flight is
    /// given up when it fails. Answers when that is written down; the same call twice is the same as once.
    /// </summary>
    [Alias("GiveUp"), ResponseTimeout("00:01:00")]
    Task<Answer<GivenUp>> GiveUp(long upTo, string reason);

    /// <summary>
    /// Gives up the message at the head of the queue, or, when an id or event id is given, that one wherever it waits.
    /// NotFound when nothing waits, or not that one. While it is in flight it is given up only if it fails.
    /// </summary>
    [Alias("Skip")]
    Task<Answer<GivenUp>> Skip(string? message);

    /// <summary>Begins a recovery under this task id (text id), behind those that run; the same call twice is one recovery.</summary>
    [Alias("StartRecovery")]
    Task StartRecovery(string task, Deliveries.RecoverTask recovery);

    /// <summary>Ends a recovery where it is; what it was to try again becomes a dead letter once more. False when it had ended.</summary>
    [Alias("CancelRecovery")]
    Task<bool> CancelRecovery(string task);

    /// <summary>Attempts per second of all endpoints of the application together; null for no limit.</summary>
    [Alias("Throttle")]
    Task Throttle(int? applicationRate);

    /// <summary>
    /// Tells the watcher of what happens from now on, for a minute and a half unless it asks again. Costs nothing while
    /// nobody watches.
    /// </summary>
    [Alias("Watch")]
    Task<WatchAnswer> Watch(IEndpointWatcher watcher);

    /// <summary>Tells the watcher no more.</summary>
    [Alias("Unwatch")]
    Task Unwatch(IEndpointWatcher watcher);

    /// <summary>Activates the grain, which then looks for work in the store by itself.</summary>
    [Alias("Wake")]
    Task Wake();
}
