using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Stores;

/// <summary>Commits are carried out and their answers are lost, of one silo: a few in a row, or some of them for a while.</summary>
internal sealed class CutAfterCommit : IFault
{
    public string Kind => "cut-after-commit";

    // What became of a commit is found out before anything else is done.
    public bool LosesOutcomes => false;

    public Needs Needs => Needs.Proxies;

    public string? Obstacle(Topology topology) => topology.Find<StoreProxies>() is null ? "needs PostgreSQL" : null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var proxy = topology.Find<StoreProxies>()![silo];
        var lasts = random.Seconds(4, 12);
        string detail;
        if (random.Next(2) == 0)
        {
            var next = random.Next(1, 20);
            proxy.CutAfterCommits(next);
            detail = $"{silo.Name}, the next {next} commits";
        }
        else
        {
            var probability = 0.02 + (random.NextDouble() * 0.3);
            proxy.CutAfterCommits(probability);
            detail = $"{silo.Name}, {probability:P0} of its commits for {lasts.TotalSeconds:F0} s";
        }

        var before = proxy.Cuts;
        return Task.FromResult(new Harm(detail, HarmEnds.WhenHealed, lasts, _ =>
        {
            proxy.CutAfterCommits(0);
            proxy.CutAfterCommits(0.0);
            return Task.CompletedTask;
        })
        {
            ConcludeAsync = _ => Task.FromResult(proxy.Cuts == before ? "no answer was lost: the fault did nothing" : null),
        });
    }
}
