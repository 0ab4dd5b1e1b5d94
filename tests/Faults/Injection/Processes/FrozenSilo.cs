using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>A silo stands still until the others have given it up for dead, and wakes up in the middle of its work.</summary>
internal sealed class FrozenSilo : IFault
{
    // Three probes of a second each are missed before two others vote.
    private const double DeclaredDead = 8;

    // It finds out that it was declared dead when it next reads the membership table, which it does each 5 s.
    private static readonly TimeSpan Discovery = TimeSpan.FromSeconds(20);

    public string Kind => "frozen-silo";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Silos.Count < 3 ? "needs three silos, so that two can vote" : null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var silo = random.Pick(topology.Silos);
        var lasts = random.Seconds(DeclaredDead, DeclaredDead + 8);
        silo.Freeze();
        return Task.FromResult(new Harm(silo.Name, HarmEnds.AtOnce, lasts, cancellation => WakeAsync(silo, cancellation)));
    }

    private static async Task WakeAsync(Node silo, CancellationToken cancellationToken)
    {
        silo.Thaw();
        if (!await Eventually.WithinAsync(() => Task.FromResult(!silo.IsRunning), Discovery))
        {
            // It goes on for longer than anybody needs it: a supervisor would end it by its health page.
            await silo.KillAsync();
        }

        await silo.StartAsync(cancellationToken);
    }
}
