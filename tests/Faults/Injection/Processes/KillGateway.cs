using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary><c>kill -9</c> of one gateway; publishers turn to the others.</summary>
internal sealed class KillGateway : IFault
{
    public string Kind => "kill-gateway";

    public bool LosesOutcomes => false;

    public string? Obstacle(Topology topology) => topology.Gateways.Count < 2 ? "needs two gateways" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var gateway = random.Pick(topology.Gateways);
        var lasts = random.Seconds(0, 6);
        await gateway.KillAsync();
        return new Harm(gateway.Name, HarmEnds.AtOnce, lasts, gateway.StartAsync);
    }
}
