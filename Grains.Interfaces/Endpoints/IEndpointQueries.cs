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

    /// <summary>
    /// Why an endpoint with these filters would not receive such a message: <c>event-type</c>, <c>channel</c> or
    /// <c>filter</c>; null when it would. Changes nothing.
    /// </summary>
    [Alias("TryFilters")]
    Task<string?> TryFilters(EndpointDetails endpoint, string eventType, IReadOnlyList<string>? channels, byte[] payload);

    /// <summary>
    /// Public halves (32 bytes) of the ed25519 keys that sign for the endpoint (text id) now, the current one first; null
    /// when there is no such endpoint. What is secret does not leave the silo.
    /// </summary>
    [Alias("ListPublicKeys")]
    Task<IReadOnlyList<byte[]>?> ListPublicKeys(string endpoint);
}
