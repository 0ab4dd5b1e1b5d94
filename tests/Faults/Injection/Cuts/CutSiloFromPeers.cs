using Webhooks.Faults.Machinery;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Cuts;

/// <summary>Nothing passes between a silo and the other silos, for longer than they need to vote it out; store and gateways stay in reach of all.</summary>
internal sealed class CutSiloFromPeers : IFault
{
    // Three probes of a second each are missed before two others vote.
    private const double DeclaredDead = 8;

    public string Kind => "cut-silo-from-peers";

    // What was in flight on a silo that is voted out is sent by another one too.
    public bool LosesOutcomes => true;

    public Needs Needs => Needs.Networks;

    public string? Obstacle(Topology topology) =>
        topology.Silos.Count < 3 ? "needs three silos, so that two can vote"
        : topology.Find<NetworkGroups>() is null ? NetworkGroups.Unavailable() ?? "needs a private network" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var lasts = random.Seconds(DeclaredDead, DeclaredDead + 12);
        var group = topology.Find<NetworkGroups>()![silo];
        var flows = Flow.Between(group, silo.SiloPort, topology.Silos.Where(other => other != silo).Select(static other => other.SiloPort));
        var resets = random.Next(3) == 0;
        var cut = resets ? await PacketFilter.RejectAsync(flows) : await PacketFilter.DropAsync(flows);
        string? finding = null;
        return new Harm($"{silo.Name} for {lasts.TotalSeconds:F0} s{(resets ? ", connections reset" : "")}", HarmEnds.AtOnce, lasts, async cancellation =>
        {
            await cut.DisposeAsync();
            finding = await Members.RejoinAsync(topology, cancellation);
        })
        {
            ConcludeAsync = _ => Task.FromResult(finding),
        };
    }
}
