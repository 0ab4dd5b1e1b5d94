using Webhooks.Faults.Machinery;

namespace Webhooks.Faults.Topologies.Surroundings;

/// <summary>Each process runs under a group of its own, by which the packet filter knows its connections.</summary>
internal sealed class NetworkGroups : ISurrounding
{
    // No group of a usual system has these numbers.
    private const int First = 4201;

    private readonly Dictionary<string, NetworkGroup> _groups = [];
    private int _prepared;

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => PacketFilter.Unavailable();

    public NetworkGroup this[Node node] => _groups[node.Name];

    public async Task PrepareAsync(Topology topology, CancellationToken cancellationToken)
    {
        for (_prepared = 0; _prepared < topology.Options.Silos + topology.Options.Gateways; _prepared++)
        {
            await PacketFilter.PrepareAsync(new NetworkGroup(First + _prepared));
        }
    }

    public void Change(Node node)
    {
        var group = new NetworkGroup(First + _groups.Count);
        _groups[node.Name] = _groups.Count < _prepared ? group : throw new InvalidOperationException("More processes than groups.");
        var launch = node.Launch;
        node.Launch = (file, arguments) =>
        {
            (file, arguments) = launch?.Invoke(file, arguments) ?? (file, arguments);
            return group.Command(file, arguments);
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
