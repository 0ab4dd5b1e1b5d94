using Webhooks.Faults.Machinery;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Cuts;

/// <summary>
/// Nothing passes between a silo and the other silos, nor between it and the store; receivers stay in its reach. The
/// others vote it out and take over what it has, and it cannot know.
/// </summary>
internal sealed class CutSiloOff : IFault
{
    // Three probes of a second each are missed before two others vote.
    private const double DeclaredDead = 8;

    public string Kind => "cut-silo-off";

    public bool LosesOutcomes => true;

    public Needs Needs => Needs.Networks | Needs.Proxies;

    public string? Obstacle(Topology topology) =>
        topology.Silos.Count < 3 ? "needs three silos, so that two can vote"
        : topology.Find<NetworkGroups>() is null ? NetworkGroups.Unavailable() ?? "needs a private network" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var lasts = random.Seconds(DeclaredDead, DeclaredDead + 12);
        var group = topology.Find<NetworkGroups>()![silo];
        var cut = await PacketFilter.DropAsync(
        [
            .. Flow.Between(group, silo.SiloPort, topology.Silos.Where(other => other != silo).Select(static other => other.SiloPort)),
            new Flow(topology.Find<StoreProxies>()![silo].Port, group),
        ]);
        string? finding = null;
        return new Harm($"{silo.Name} for {lasts.TotalSeconds:F0} s", HarmEnds.AtOnce, lasts, async cancellation =>
        {
            await cut.DisposeAsync();
            finding = await Members.RejoinAsync(topology, cancellation);
        })
        {
            ConcludeAsync = _ => Task.FromResult(finding),
        };
    }
}
