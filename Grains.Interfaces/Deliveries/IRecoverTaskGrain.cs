namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>What a task in the background sends.</summary>
public enum RecoverKind
{
    /// <summary>What failed at the endpoint in that time and was never delivered there.</summary>
    Failed = 0,

    /// <summary>What was published in that time, would go to the endpoint by its filters as they are now, and was never tried there.</summary>
    Missing = 1,

    /// <summary>What was published in that time and went to the endpoint, whatever came of it, as far as the filter lets it.</summary>
    Bulk = 2,

    /// <summary>What was published in that time and is a dead letter of the endpoint.</summary>
    DeadLetters = 3,
}

/// <summary>What a bulk replay is narrowed to; all that is given must hold.</summary>
/// <param name="EventTypes">Messages of these types; null for all.</param>
/// <param name="Channel">Messages with this channel.</param>
/// <param name="Tag">Messages with this tag.</param>
/// <param name="Status">The contract's status of the message at the endpoint: 0 delivered, 2 failed, 3 on its way.</param>
/// <param name="StatusCodeClass">Messages whose last attempt ended with a code of this hundred: 0, 100 … 500.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoverFilter")]
public sealed record RecoverFilter(
    [property: Id(0)] IReadOnlyList<string>? EventTypes = null,
    [property: Id(1)] string? Channel = null,
    [property: Id(2)] string? Tag = null,
    [property: Id(3)] int? Status = null,
    [property: Id(4)] int? StatusCodeClass = null);

/// <summary>How a task in the background stands.</summary>
public enum RecoverStatus
{
    /// <summary>It waits for its turn or is under way.</summary>
    Running = 0,

    /// <summary>All of it has been sent; what failed is tried again by the endpoint's schedule.</summary>
    Finished = 1,

    /// <summary>Somebody ended it.</summary>
    Cancelled = 2,

    /// <summary>It cannot go on: its endpoint is gone.</summary>
    Failed = 3,
}

/// <summary>A task in the background.</summary>
/// <param name="Organization">Whose it is.</param>
/// <param name="Kind">What it sends.</param>
/// <param name="ApplicationId">Text id of the application.</param>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="Since">From this time on.</param>
/// <param name="Until">Before this time.</param>
/// <param name="Filter">What it is narrowed to; null for nothing.</param>
/// <param name="DryRun">Whether it only counts.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoverTask")]
public sealed record RecoverTask(
    [property: Id(0)] string Organization,
    [property: Id(1)] RecoverKind Kind,
    [property: Id(2)] string ApplicationId,
    [property: Id(3)] string EndpointId,
    [property: Id(4)] DateTimeOffset Since,
    [property: Id(5)] DateTimeOffset Until,
    [property: Id(6)] RecoverFilter? Filter = null,
    [property: Id(7)] bool DryRun = false);

/// <summary>How a task in the background is getting on.</summary>
/// <param name="Task">What it does.</param>
/// <param name="Finished">Whether it has ended.</param>
/// <param name="Sent">Messages sent again so far.</param>
/// <param name="UpdatedAt">When it last wrote down its place.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Matched">Messages found so far.</param>
/// <param name="Scanned">Entries of the log looked at so far.</param>
/// <param name="Total">Entries of the log to be looked at.</param>
/// <param name="Id">The task's text id; null from a silo of a former version.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoverProgress")]
public sealed record RecoverProgress(
    [property: Id(0)] RecoverTask Task,
    [property: Id(1)] bool Finished,
    [property: Id(2)] long Sent,
    [property: Id(3)] DateTimeOffset UpdatedAt,
    [property: Id(4)] RecoverStatus Status = RecoverStatus.Running,
    [property: Id(5)] long Matched = 0,
    [property: Id(6)] long Scanned = 0,
    [property: Id(7)] long Total = 0,
    [property: Id(8)] string? Id = null);

/// <summary>
/// Sends messages of a time to an endpoint once more, or for the first time, each with the whole retry schedule. Keyed by
/// the task's text id, <c>qtask_…</c>. Goes on after a restart where it was.
/// </summary>
[Alias("webhooks.IRecoverTaskGrain")]
public interface IRecoverTaskGrain : IGrainWithStringKey
{
    /// <summary>Starts; the same call again changes nothing.</summary>
    [Alias("Start")]
    Task Start(RecoverTask task);

    /// <summary>How it is getting on; null when there is no such task.</summary>
    [Alias("Look")]
    Task<RecoverProgress?> Look();

    /// <summary>Ends it where it is. False when it had ended, or there is no such task.</summary>
    [Alias("Cancel")]
    Task<bool> Cancel();
}
