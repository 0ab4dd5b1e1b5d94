using Webhooks.Faults.Machinery;

namespace Webhooks.Faults.Topologies.Surroundings;

/// <summary>A synchronous standby of the store, which takes its place.</summary>
internal sealed class Standby : ISurrounding
{
    private SynchronousStandby? _pair;

    public async Task PrepareAsync(Topology topology, CancellationToken cancellationToken) =>
        _pair = await SynchronousStandby.OfAsync(topology.Postgres ?? throw new InvalidOperationException("There is no PostgreSQL."));

    public void Change(Node node)
    {
    }

    /// <summary>The primary is killed and the standby promoted; the topology's store is the new one from then on.</summary>
    public async Task FailOverAsync(Topology topology)
    {
        await Pair.FailOverAsync();
        topology.Postgres = Pair.Primary;
        topology.Find<StoreProxies>()!.Lead(Pair.Primary.Port);
    }

    /// <summary>A standby for the new primary.</summary>
    public Task AddAsync() => Pair.AddStandbyAsync();

    // The primary belongs to the topology.
    public ValueTask DisposeAsync() => _pair?.DisposeStandbyAsync() ?? ValueTask.CompletedTask;

    private SynchronousStandby Pair => _pair ?? throw new InvalidOperationException("It is not prepared.");
}
