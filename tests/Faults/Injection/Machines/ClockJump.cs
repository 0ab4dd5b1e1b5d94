using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Injection.Machines;

/// <summary>The wall clock of one silo jumps by minutes or an hour, ahead or back, and later to the true time again.</summary>
internal sealed class ClockJump : IFault
{
    public string Kind => "clock-jump";

    // Silos go by the store's time and by monotonic clocks.
    public bool LosesOutcomes => false;

    public Needs Needs => Needs.Clock;

    public string? Obstacle(Topology topology) =>
        topology.Silos.Count == 0 ? "needs silos" : topology.Find<SiloClock>() is null ? SiloClock.Unavailable() ?? "needs a silo with a clock of its own" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var jumper = topology.Find<SiloClock>()!;
        var lasts = random.Seconds(8, 25);
        var minutes = random.Pick([-60.0, 60.0, random.Next(1, 10), -random.Next(1, 10)]);
        var dead = await Members.DeadAsync(topology, cancellationToken);
        jumper.Clock.Jump(TimeSpan.FromMinutes(minutes));
        return new Harm($"{jumper.Silo!.Name} by {minutes:+0;-0} min for {lasts.TotalSeconds:F0} s", HarmEnds.AtOnce, lasts, _ =>
        {
            jumper.Clock.Reset();
            return Task.CompletedTask;
        })
        {
            ConcludeAsync = cancellation => Members.DiedAsync(topology, dead, cancellation),
        };
    }
}
