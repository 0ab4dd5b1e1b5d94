using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Machines;

/// <summary>Other programs take all the time of all cores that they can get. Slow is not dead: no silo may be voted out for it.</summary>
internal sealed class BusyCores : IFault
{
    private const int PerCore = 2;

    public string Kind => "busy-cores";

    public bool LosesOutcomes => false;

    public string? Obstacle(Topology topology) => null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(18, 22);
        var dead = topology.Postgres is null ? 0 : await Members.DeadAsync(topology, cancellationToken);
        var busy = Machinery.BusyCores.Start(Environment.ProcessorCount * PerCore, lasts);
        return new Harm($"{busy.Ids.Count} processes for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, _ => busy.DisposeAsync().AsTask())
        {
            ConcludeAsync = topology.Postgres is null ? null : cancellation => Members.DiedAsync(topology, dead, cancellation),
        };
    }
}
