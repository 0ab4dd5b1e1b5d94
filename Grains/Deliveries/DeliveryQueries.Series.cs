using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>Attempts over time.</summary>
internal sealed partial class DeliveryQueries
{
    private const int MostStretches = 100;

    /// <summary>Of each stretch: rows are read for them, counts come from the index alone.</summary>
    private const int Durations = 500;

    public async Task<AttemptSeries> CountSeries(string endpoint, DateTimeOffset since, TimeSpan width, int count)
    {
        if (!EntityId.TryParse(EntityId.Endpoint, endpoint, out var id) || count is < 1 or > MostStretches)
        {
            return new AttemptSeries([]);
        }

        Guid[] bounds = [.. Enumerable.Range(0, count + 1).Select(i => TimeRange.LowestId(since + (i * width)))];
        var stretches = await reads.CountStretchesAsync(id, bounds, Durations, CancellationToken.None);
        return new AttemptSeries([.. stretches.Select((s, i) =>
        {
            int[] sorted = [.. s.Durations.Order()];
            return new AttemptSeriesPart(since + (i * width), s.Succeeded, s.Failed, Percentile(sorted, 50), Percentile(sorted, 95));
        })]);
    }

    /// <summary>The nearest rank.</summary>
    private static int? Percentile(int[] sorted, int percent) => sorted.Length == 0 ? null : sorted[((sorted.Length * percent) + 99) / 100 - 1];
}
