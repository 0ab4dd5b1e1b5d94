using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary><c>kill -9</c> of the standalone process, which is the whole system.</summary>
internal sealed class KillStandalone : IFault
{
    public string Kind => "kill-standalone";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Postgres is null ? null : "needs a standalone process";

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var standalone = topology.Gateways[0];
        var lasts = random.Seconds(0, 6);
        await standalone.KillAsync();
        return new Harm(standalone.Name, HarmEnds.WhenHealed, lasts, standalone.StartAsync);
    }
}
