using System.Collections.Concurrent;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Which activation of an endpoint works in this silo. A successor in the same silo waits for its predecessor, whose
/// attempts may still be in flight, as one in another silo does by the cursor row.
/// </summary>
internal sealed class EndpointActivations
{
    private readonly ConcurrentDictionary<Guid, object> _holders = new();

    /// <summary>True when nobody else holds the endpoint here.</summary>
    public bool TryEnter(Guid endpoint, object activation) => _holders.GetOrAdd(endpoint, activation) == activation;

    public void Leave(Guid endpoint, object activation) => _holders.TryRemove(KeyValuePair.Create(endpoint, activation));
}
