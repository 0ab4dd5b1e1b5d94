using System.Globalization;
using Webhooks.Gateway.Api.Portal.Overview;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>The lines of a minute, in a picture of 590 by 100.</summary>
internal sealed class RateChart(IReadOnlyList<Rates> history)
{
    private const int Seconds = 60;
    private const double Step = 10;
    private const double Height = 96;

    /// <summary>What the upper edge stands for.</summary>
    public double Top { get; } = Math.Max(1, history.Select(static r => Math.Max(r.Accepted, Math.Max(r.Succeeded, r.Failed))).DefaultIfEmpty().Max());

    /// <summary>The newest at the right edge.</summary>
    public string Line(Func<Rates, double> of) => string.Join(' ', history.Select((rates, i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Seconds - history.Count + i) * Step:0},{98 - (of(rates) / Top * Height):0.0}")));
}
