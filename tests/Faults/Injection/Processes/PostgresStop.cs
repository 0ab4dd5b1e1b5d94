using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>PostgreSQL is stopped in order and stays away for a while.</summary>
internal sealed class PostgresStop : IFault
{
    private const double LongShare = 0.15;

    public string Kind => "postgres-stop";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Postgres is null ? "needs PostgreSQL" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.NextDouble() < LongShare ? random.Seconds(15, 60) : random.Seconds(2, 12);
        await topology.Postgres!.StopFastAsync();
        return new Harm($"away for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, _ => topology.Postgres.StartAgainAsync());
    }
}
