namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An endpoint's attempts over time, as the API shows them.</summary>
/// <param name="Data">Stretches of time, the oldest first.</param>
public sealed record SeriesModel(IReadOnlyList<SeriesPart> Data)
{
    /// <summary>All attempts.</summary>
    public long Volume => Data.Sum(static p => p.Success + p.Fail);

    /// <summary>Share of those that succeeded, in words.</summary>
    public string SuccessRate => Volume == 0 ? "–" : (100.0 * Data.Sum(static p => p.Success) / Volume).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) + " %";
}

/// <summary>Attempts of a stretch of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Success">Delivered.</param>
/// <param name="Fail">Failed.</param>
/// <param name="MedianMs">How long receivers took, the median.</param>
/// <param name="P95Ms">The same, the 95th percentile.</param>
public sealed record SeriesPart(DateTimeOffset Start, long Success, long Fail, int? MedianMs, int? P95Ms);
