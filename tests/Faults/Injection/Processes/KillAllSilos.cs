using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary><c>kill -9</c> of all silos at the same moment; store and gateways live on.</summary>
internal sealed class KillAllSilos : IFault
{
    public string Kind => "kill-all-silos";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Silos.Count == 0 ? "needs silos" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(0, 5);
        await Task.WhenAll(topology.Silos.Select(static silo => silo.KillAsync()));
        return new Harm($"{topology.Silos.Count} silos", HarmEnds.WhenHealed, lasts, topology.StartMissingAsync);
    }
}
