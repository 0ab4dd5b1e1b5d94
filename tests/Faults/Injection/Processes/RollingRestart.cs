using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>Every process is asked to stop and started again, one after the other, as an upgrade does it.</summary>
internal sealed class RollingRestart : IFault
{
    public string Kind => "rolling-restart";

    public bool LosesOutcomes => false;

    public string? Obstacle(Topology topology) => null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        foreach (var node in topology.Nodes)
        {
            var exitCode = await node.StopAsync(cancellationToken);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"{node.Name} was asked to stop and ended with {exitCode}.");
            }

            await node.StartAsync(cancellationToken);
        }

        return new Harm($"{topology.Nodes.Count()} processes", HarmEnds.AtOnce, TimeSpan.Zero, static _ => Task.CompletedTask);
    }
}
