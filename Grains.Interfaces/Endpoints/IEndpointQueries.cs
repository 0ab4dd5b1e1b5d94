namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>Reads of endpoints. A stateless worker: key 0.</summary>
[Alias("webhooks.IEndpointQueries")]
public interface IEndpointQueries : IGrainWithIntegerKey
{
    /// <summary>The endpoint with this id or uid in the application (text id).</summary>
    [Alias("Find")]
    Task<EndpointDetails?> Find(string application, string idOrUid);

    /// <summary>A page of the application's endpoints, by id.</summary>
    [Alias("List")]
    Task<Page<EndpointDetails>> List(string application, PageRequest page);
}
