using Orleans.Concurrency;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>Whoever wants to be told what happens at an endpoint, as it happens.</summary>
[Alias("webhooks.IEndpointWatcher")]
public interface IEndpointWatcher : IGrainObserver
{
    /// <summary>Tells of what is in the store by now. Hints: one may be lost, or come twice.</summary>
    [OneWay, Alias("Happened")]
    Task Happened(EndpointNews news);
}

/// <summary>What came of asking to be told.</summary>
public enum WatchAnswer
{
    /// <summary>It is told from now on; what happened before, it may have missed.</summary>
    Added = 0,

    /// <summary>It has been told all along.</summary>
    Renewed = 1,

    /// <summary>Too many are told already.</summary>
    Refused = 2,
}

/// <summary>What happened at an endpoint.</summary>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="Attempts">Attempts that have ended, in order; when there were more, the last ones.</param>
/// <param name="AttemptCount">How many there were.</param>
/// <param name="Recovery">How a recovery is getting on, when it has moved.</param>
/// <param name="Changed">Whether its configuration, or what was given up there, has changed.</param>
/// <param name="Leaving">Whether the teller ends: who wants to be told on has to ask again.</param>
[GenerateSerializer, Immutable, Alias("webhooks.EndpointNews")]
public sealed record EndpointNews(
    [property: Id(0)] string EndpointId,
    [property: Id(1)] IReadOnlyList<AttemptNotice> Attempts,
    [property: Id(2)] long AttemptCount,
    [property: Id(3)] RecoveryNotice? Recovery,
    [property: Id(4)] bool Changed,
    [property: Id(5)] bool Leaving);

/// <summary>An attempt that has ended.</summary>
/// <param name="AttemptId">Its text id.</param>
/// <param name="MessageId">Text id of its message.</param>
/// <param name="Status">What came of it.</param>
/// <param name="StatusCode">The receiver's status code; 0 when there was no HTTP answer.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="NextAttemptAt">When the next one is planned, if one is.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptNotice")]
public sealed record AttemptNotice(
    [property: Id(0)] string AttemptId,
    [property: Id(1)] string MessageId,
    [property: Id(2)] AttemptStatus Status,
    [property: Id(3)] int StatusCode,
    [property: Id(4)] DateTimeOffset StartedAt,
    [property: Id(5)] DateTimeOffset? NextAttemptAt);

/// <summary>How a recovery is getting on.</summary>
/// <param name="TaskId">Text id of its task.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Sent">Messages sent again so far.</param>
/// <param name="Matched">Messages found so far.</param>
/// <param name="Scanned">Entries of the log looked at so far.</param>
/// <param name="Total">Entries of the log to be looked at.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoveryNotice")]
public sealed record RecoveryNotice(
    [property: Id(0)] string TaskId,
    [property: Id(1)] RecoverStatus Status,
    [property: Id(2)] long Sent,
    [property: Id(3)] long Matched,
    [property: Id(4)] long Scanned,
    [property: Id(5)] long Total);
