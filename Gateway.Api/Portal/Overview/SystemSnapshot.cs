using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Gateway.Api.Portal.Overview;

/// <summary>What is done per second.</summary>
/// <param name="Accepted">Messages accepted.</param>
/// <param name="Attempts">Attempts that ended, by outcome.</param>
internal sealed record Rates(double Accepted, IReadOnlyDictionary<string, double> Attempts)
{
    public static Rates None { get; } = new(0, new Dictionary<string, double>());

    public double Succeeded => Attempts.GetValueOrDefault("success");

    public double Failed => Attempts.Where(static a => a.Key != "success").Sum(static a => a.Value);

    /// <summary>Those of several silos together.</summary>
    public static Rates Sum(IEnumerable<Rates> rates)
    {
        var all = rates.ToArray();
        return new Rates(
            all.Sum(static r => r.Accepted),
            all.SelectMany(static r => r.Attempts).GroupBy(static a => a.Key, static a => a.Value).ToDictionary(static g => g.Key, static g => g.Sum()));
    }
}

/// <summary>A silo, and what it said last.</summary>
/// <param name="Member">What the membership says.</param>
/// <param name="Report">What it says of itself; null when it did not answer.</param>
/// <param name="Rates">What it does per second.</param>
internal sealed record SiloView(SiloMember Member, SiloReport? Report, Rates Rates);

/// <summary>The system at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="Trouble">In words, why no call is served; null when calls are.</param>
/// <param name="Silos">Those that live, then some that do not.</param>
/// <param name="Total">What all do together per second.</param>
/// <param name="History">The same of the last minute, a value per second, the newest last.</param>
/// <param name="Oldest">Endpoints of all silos that have waited the longest.</param>
internal sealed record SystemSnapshot(
    DateTimeOffset At,
    string? Trouble,
    IReadOnlyList<SiloView> Silos,
    Rates Total,
    IReadOnlyList<Rates> History,
    IReadOnlyList<WaitingEndpoint> Oldest)
{
    public long WaitingMessages => Silos.Sum(static s => s.Report?.WaitingMessages ?? 0);

    public int WaitingEndpoints => Silos.Sum(static s => s.Report?.WaitingEndpoints ?? 0);
}
