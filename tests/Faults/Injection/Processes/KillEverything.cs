using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>A power cut: silos, gateways and the store end at the same moment.</summary>
internal sealed class KillEverything : IFault
{
    public string Kind => "kill-everything";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Postgres is null ? "is the same as kill-standalone without PostgreSQL" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(0, 4);
        var postgres = topology.Postgres;
        await Task.WhenAll([.. topology.Nodes.Select(static node => node.KillAsync()), postgres?.StopAsync() ?? Task.CompletedTask]);
        return new Harm($"{topology.Nodes.Count()} processes{(postgres is null ? "" : " and PostgreSQL")}", HarmEnds.WhenHealed, lasts, async cancellation =>
        {
            if (postgres is not null)
            {
                await postgres.StartAgainAsync();
            }

            await topology.StartMissingAsync(cancellation);
        });
    }
}
