namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>What a task in the background sends.</summary>
public enum RecoverKind
{
    /// <summary>What failed at the endpoint in that time and was never delivered there.</summary>
    Failed = 0,

    /// <summary>What was published in that time, would go to the endpoint by its filters as they are now, and was never tried there.</summary>
    Missing = 1,
}

/// <summary>A task in the background.</summary>
/// <param name="Organization">Whose it is.</param>
/// <param name="Kind">What it sends.</param>
/// <param name="ApplicationId">Text id of the application.</param>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="Since">From this time on.</param>
/// <param name="Until">Before this time.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoverTask")]
public sealed record RecoverTask(
    [property: Id(0)] string Organization,
    [property: Id(1)] RecoverKind Kind,
    [property: Id(2)] string ApplicationId,
    [property: Id(3)] string EndpointId,
    [property: Id(4)] DateTimeOffset Since,
    [property: Id(5)] DateTimeOffset Until);

/// <summary>How a task in the background is getting on.</summary>
/// <param name="Task">What it does.</param>
/// <param name="Finished">Whether it has ended.</param>
/// <param name="Sent">Messages sent again so far.</param>
/// <param name="UpdatedAt">When it last wrote down its place.</param>
[GenerateSerializer, Immutable, Alias("webhooks.RecoverProgress")]
public sealed record RecoverProgress([property: Id(0)] RecoverTask Task, [property: Id(1)] bool Finished, [property: Id(2)] long Sent, [property: Id(3)] DateTimeOffset UpdatedAt);

/// <summary>
/// Sends messages of a time to an endpoint once more, or for the first time: one attempt each, some at a time. Keyed by
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
}
