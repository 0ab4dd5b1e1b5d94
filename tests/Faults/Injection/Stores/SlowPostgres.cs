using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Stores;

/// <summary>Everything on the way to and from the store takes longer, for all processes or for one silo.</summary>
internal sealed class SlowPostgres : IFault
{
    public string Kind => "slow-postgres";

    // A round trip stays below what a silo allows itself: late is not lost.
    public bool LosesOutcomes => false;

    public Needs Needs => Needs.Proxies;

    public string? Obstacle(Topology topology) => topology.Find<StoreProxies>() is null ? "needs PostgreSQL" : null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var proxies = topology.Find<StoreProxies>()!;
        var lasts = random.Seconds(5, 20);
        var delay = random.Seconds(0.05, 0.3);
        var one = random.Next(2) == 0 ? random.Pick(topology.Silos) : null;
        var slow = one is null ? proxies.All.ToList() : [proxies[one]];
        foreach (var proxy in slow)
        {
            proxy.Delay(delay, delay, delay / 4);
        }

        return Task.FromResult(new Harm(
            $"{delay.TotalMilliseconds:F0} ms each way for {lasts.TotalSeconds:F0} s, {one?.Name ?? "all processes"}",
            HarmEnds.WhenHealed,
            lasts,
            _ =>
            {
                foreach (var proxy in slow)
                {
                    proxy.Pass();
                }

                return Task.CompletedTask;
            }));
    }
}
