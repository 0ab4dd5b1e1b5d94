using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection;

/// <summary>A kind of harm. It keeps no state: what one injection needs to be taken back lies in its <see cref="Harm"/>.</summary>
internal interface IFault
{
    /// <summary>Its name, in kebab case: <c>kill-silo</c>.</summary>
    string Kind { get; }

    /// <summary>Whether attempts may be made whose outcomes are lost, so that they are repeated.</summary>
    bool LosesOutcomes { get; }

    /// <summary>What has to be put up for it before the first process starts.</summary>
    Needs Needs => Needs.None;

    /// <summary>Why it cannot be done to this topology or on this machine; null when it can.</summary>
    string? Obstacle(Topology topology);

    /// <summary>Does the harm.</summary>
    /// <param name="random">Where every choice comes from, so that a seed repeats a schedule.</param>
    Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken);
}

/// <summary>When the system can be expected to flow again, from which the time to flow counts.</summary>
internal enum HarmEnds
{
    /// <summary>At the moment of the injection: what is left has to do without what was killed.</summary>
    AtOnce = 0,

    /// <summary>When it was taken back: an outage.</summary>
    WhenHealed = 1,
}

/// <summary>Harm that was done and not yet taken back.</summary>
/// <param name="Detail">What exactly was done, for a reader.</param>
/// <param name="Ends">From when on the system can flow again.</param>
/// <param name="Lasts">How long it stays before it is taken back.</param>
/// <param name="HealAsync">Takes it back and ends once everything that was down runs again; called once, also when the run is broken off.</param>
internal sealed record Harm(string Detail, HarmEnds Ends, TimeSpan Lasts, Func<CancellationToken, Task> HealAsync)
{
    /// <summary>Asked once everything flows again: what happened meanwhile that histories do not show and must not be; null when all is well.</summary>
    public Func<CancellationToken, Task<string?>>? ConcludeAsync { get; init; }
}
