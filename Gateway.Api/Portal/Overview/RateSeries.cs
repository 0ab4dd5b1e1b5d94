using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Gateway.Api.Portal.Overview;

/// <summary>Rates out of what silos have counted since their starts: over the last seconds, each silo by its own clock.</summary>
internal sealed class RateSeries
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Queue<SiloReport>> _reports = new(StringComparer.Ordinal);

    /// <summary>Takes in what a silo says, and gives its rates.</summary>
    public Rates Add(SiloReport report)
    {
        if (!_reports.TryGetValue(report.Silo, out var kept))
        {
            _reports[report.Silo] = kept = [];
        }

        if (kept.Count == 0 || report.At > kept.Last().At)
        {
            kept.Enqueue(report);
        }

        while (kept.Count > 2 && kept.Peek().At < report.At - Span)
        {
            kept.Dequeue();
        }

        return Between(kept.Peek(), kept.Last());
    }

    /// <summary>Forgets silos that are not among these.</summary>
    public void Keep(IEnumerable<string> silos)
    {
        foreach (var gone in _reports.Keys.Except(silos, StringComparer.Ordinal).ToArray())
        {
            _reports.Remove(gone);
        }
    }

    private static Rates Between(SiloReport first, SiloReport last)
    {
        var seconds = (last.At - first.At).TotalSeconds;
        return seconds <= 0
            ? Rates.None
            : new Rates(
                (last.Accepted - first.Accepted) / seconds,
                last.Attempts.ToDictionary(static a => a.Key, a => (a.Value - first.Attempts.GetValueOrDefault(a.Key)) / seconds));
    }
}
