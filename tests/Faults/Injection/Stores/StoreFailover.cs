using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Stores;

/// <summary>The machine of the store is lost: its synchronous standby takes its place, and gets a standby of its own.</summary>
internal sealed class StoreFailover : IFault
{
    public string Kind => "store-failover";

    public bool LosesOutcomes => true;

    public Needs Needs => Needs.Standby | Needs.Proxies;

    public string? Obstacle(Topology topology) => topology.Find<Standby>() is null ? "needs PostgreSQL with a standby, which a run with a disk to fill has not" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var standby = topology.Find<Standby>()!;
        var last = topology.Postgres!.Port;
        // The next standby comes when the system has worked without one for a while.
        var lasts = random.Seconds(1, 8);
        await standby.FailOverAsync(topology);
        return new Harm($"from port {last} to {topology.Postgres!.Port}", HarmEnds.AtOnce, lasts, _ => standby.AddAsync());
    }
}
