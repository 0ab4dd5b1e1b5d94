using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary><c>kill -9</c> of one silo; the others take its work over.</summary>
internal sealed class KillSilo : IFault
{
    public string Kind => "kill-silo";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Silos.Count < 2 ? "needs two silos" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var lasts = random.Seconds(1, 8);
        await silo.KillAsync();
        return new Harm(silo.Name, HarmEnds.AtOnce, lasts, silo.StartAsync);
    }
}
