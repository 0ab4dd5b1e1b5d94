namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>Reads of applications. A stateless worker: key 0.</summary>
[Alias("webhooks.IApplicationQueries")]
public interface IApplicationQueries : IGrainWithIntegerKey
{
    /// <summary>The application with this id or uid, if it lives in the organization.</summary>
    [Alias("Find")]
    Task<ApplicationDetails?> Find(string organization, string idOrUid);

    /// <summary>A page of the organization's applications, by id.</summary>
    [Alias("List")]
    Task<Page<ApplicationDetails>> List(string organization, PageRequest page);

    /// <summary>Asks the store for a sign of life; throws <see cref="StoreUnavailableException"/> when there is none.</summary>
    [Alias("Ping")]
    Task Ping();
}
