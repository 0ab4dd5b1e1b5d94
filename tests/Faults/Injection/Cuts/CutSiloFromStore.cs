using Webhooks.Faults.Machinery;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Cuts;

/// <summary>Nothing passes between a silo and the store; its peers and the gateways reach it as before.</summary>
internal sealed class CutSiloFromStore : IFault
{
    public string Kind => "cut-silo-from-store";

    public bool LosesOutcomes => true;

    public Needs Needs => Needs.Networks | Needs.Proxies;

    public string? Obstacle(Topology topology) =>
        topology.Silos.Count == 0 ? "needs silos"
        : topology.Find<NetworkGroups>() is null ? NetworkGroups.Unavailable() ?? "needs a private network" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var lasts = random.Seconds(4, 20);
        var store = new Flow(topology.Find<StoreProxies>()![silo].Port, topology.Find<NetworkGroups>()![silo]);
        var resets = random.Next(3) == 0;
        var cut = resets ? await PacketFilter.RejectAsync(store) : await PacketFilter.DropAsync(store);
        string? finding = null;
        return new Harm($"{silo.Name} for {lasts.TotalSeconds:F0} s{(resets ? ", connections reset" : "")}", HarmEnds.WhenHealed, lasts, async cancellation =>
        {
            await cut.DisposeAsync();
            finding = await Members.RejoinAsync(topology, cancellation);
        })
        {
            ConcludeAsync = _ => Task.FromResult(finding),
        };
    }
}
