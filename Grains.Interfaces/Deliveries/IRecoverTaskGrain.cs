namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>
/// Sends everything once more that failed at an endpoint within a time and was never delivered there: one attempt each,
/// some at a time. Keyed by the task's text id, <c>qtask_…</c>. Goes on after a restart where it was.
/// </summary>
[Alias("webhooks.IRecoverTaskGrain")]
public interface IRecoverTaskGrain : IGrainWithStringKey
{
    /// <summary>Starts; the same call again changes nothing. <paramref name="endpoint"/> is a text id.</summary>
    [Alias("Start")]
    Task Start(string endpoint, DateTimeOffset since, DateTimeOffset until);
}
