using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary><c>kill -9</c> of PostgreSQL, all its processes; it recovers from its log at the next start.</summary>
internal sealed class PostgresKill : IFault
{
    public string Kind => "postgres-kill";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Postgres is null ? "needs PostgreSQL" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(0, 6);
        await topology.Postgres!.KillAsync();
        return new Harm($"away for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, _ => topology.Postgres.StartAgainAsync());
    }
}
