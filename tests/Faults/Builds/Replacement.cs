using Webhooks.Faults.Injection;
using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Builds;

/// <summary>A process is asked to stop and comes back as another build, while the others stay what they are.</summary>
/// <param name="kind">What it is called: <c>upgrade</c>.</param>
/// <param name="node">The process.</param>
/// <param name="launch">The build; null for today's.</param>
/// <param name="stays">How long the mixture works before the next one.</param>
internal sealed class Replacement(string kind, Node node, Launch? launch, TimeSpan stays) : IFault
{
    public string Kind => kind;

    public bool LosesOutcomes => false;

    public string? Obstacle(Topology topology) => null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var exitCode = await node.StopAsync(cancellationToken);
        node.Launch = launch;
        await node.StartAsync(cancellationToken);
        return new Harm(node.Name, HarmEnds.AtOnce, stays, static _ => Task.CompletedTask)
        {
            ConcludeAsync = _ => Task.FromResult(exitCode == 0 ? Ended(topology) : $"{node.Name} was asked to stop and ended with {exitCode}"),
        };
    }

    private static string? Ended(Topology topology) =>
        topology.Nodes.Where(static node => !node.IsRunning).Select(static node => node.Name).ToList() is { Count: > 0 } ended
            ? $"ended by themselves: {string.Join(", ", ended)}"
            : null;
}
