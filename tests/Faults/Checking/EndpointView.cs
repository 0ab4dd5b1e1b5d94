using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>An endpoint with the deliveries that belong to it, in the order of its application's log.</summary>
internal sealed class EndpointView
{
    private readonly Dictionary<string, Delivery> _byId = [];
    private readonly List<Delivery> _deliveries = [];
    private readonly HashSet<string> _types;

    public EndpointView(SubscribedEndpoint endpoint)
    {
        Endpoint = endpoint;
        _types = [.. endpoint.EventTypes];
    }

    public SubscribedEndpoint Endpoint { get; }

    public IReadOnlyList<Delivery> Deliveries => _deliveries;

    public bool Wants(string eventType) => _types.Count == 0 || _types.Contains(eventType);

    public Delivery? Find(string messageId) => _byId.GetValueOrDefault(messageId);

    public void Add(Delivery delivery)
    {
        if (_byId.TryAdd(delivery.Message.MessageId, delivery))
        {
            _deliveries.Add(delivery);
        }
    }

    /// <summary>
    /// The lanes in which this endpoint promises order: one in strict, one per ordering key in key mode, where messages
    /// without a key share one. A message whose event nobody can tell has an unknown key and stands in no lane.
    /// </summary>
    public IEnumerable<IReadOnlyList<Delivery>> Lanes() => Endpoint.Order switch
    {
        OrderMode.Strict => [_deliveries],
        OrderMode.Key => _deliveries.Where(static d => d.Event is not null)
            .GroupBy(static d => d.Event!.OrderingKey, StringComparer.Ordinal).Select(static lane => lane.ToArray()),
        OrderMode.None => [],
        var other => throw new InvalidDataException($"Endpoint {Endpoint.Id} has the unknown order mode {other}."),
    };
}
