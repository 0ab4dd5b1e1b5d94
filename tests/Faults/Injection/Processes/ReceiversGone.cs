using Webhooks.Faults.Receiving;
using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>Receivers stop listening, in the middle of what they are answering, and return.</summary>
internal sealed class ReceiversGone : IFault
{
    public string Kind => "receivers-gone";

    // An answer that was written and cut off counts as one that never came.
    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(2, 10);
        var all = topology.Receivers.All;
        IReadOnlyList<ReceiverPort> gone = random.Next(2) == 0 ? all : [random.Pick(all)];
        await Task.WhenAll(gone.Select(static port => port.CloseAsync()));
        return new Harm($"{gone.Count} of {all.Count} ports", HarmEnds.WhenHealed, lasts, _ => Task.WhenAll(gone.Select(static port => port.OpenAsync())));
    }
}
