using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Stores;

/// <summary>Commits are carried out and their answers are lost: a few in a row, or some of them for a while.</summary>
internal sealed class CutAfterCommit : IFault
{
    public string Kind => "cut-after-commit";

    // What became of a commit is found out before anything else is done.
    public bool LosesOutcomes => false;

    public Needs Needs => Needs.Proxies;

    public string? Obstacle(Topology topology) => topology.Find<StoreProxies>() is null ? "needs PostgreSQL" : null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        // Of all silos: one alone may have no work at the moment.
        var proxies = topology.Silos.Select(silo => topology.Find<StoreProxies>()![silo]).ToList();
        var lasts = random.Seconds(4, 12);
        string detail;
        if (random.Next(2) == 0)
        {
            var next = random.Next(1, 20);
            proxies.ForEach(proxy => proxy.CutAfterCommits(next));
            detail = $"the next {next} commits of each silo";
        }
        else
        {
            var probability = 0.02 + (random.NextDouble() * 0.3);
            proxies.ForEach(proxy => proxy.CutAfterCommits(probability));
            detail = $"{probability:P0} of all commits for {lasts.TotalSeconds:F0} s";
        }

        var before = proxies.Sum(static proxy => proxy.Cuts);
        return Task.FromResult(new Harm(detail, HarmEnds.WhenHealed, lasts, _ =>
        {
            proxies.ForEach(static proxy => proxy.CutAfterCommits(0));
            proxies.ForEach(static proxy => proxy.CutAfterCommits(0.0));
            return Task.CompletedTask;
        })
        {
            ConcludeAsync = _ => Task.FromResult(proxies.Sum(static proxy => proxy.Cuts) == before ? "no answer was lost: the fault did nothing" : null),
        });
    }
}
