using System.Collections.Concurrent;
using System.Globalization;

namespace Webhooks.Faults.Recording;

/// <summary>Latencies by intervals of the run: how long publishes took, and how long until their first receipt.</summary>
/// <param name="seconds">Length of an interval.</param>
internal sealed class Timeline(int seconds)
{
    private readonly ConcurrentDictionary<int, Interval> _intervals = new();

    /// <summary>A publish that was answered 202.</summary>
    /// <param name="at">When, milliseconds of the run.</param>
    public void Published(double at, double took) => At(at).Publishes.Add(took);

    /// <summary>The first receipt of an event.</summary>
    public void Received(double at, double took) => At(at).Deliveries.Add(took);

    /// <summary>The interval of a moment.</summary>
    public Interval At(double milliseconds) => _intervals.GetOrAdd((int)(milliseconds / 1000 / seconds), static _ => new Interval());

    /// <summary>A line per interval that saw anything, the first one first.</summary>
    public Task WriteAsync(string file, CancellationToken cancellationToken) =>
        File.WriteAllLinesAsync(
            file,
            [
                "second,published,publish p50 ms,publish p99 ms,received,delivery p50 ms,delivery p99 ms",
                .. _intervals.OrderBy(static entry => entry.Key).Select(entry => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Key * seconds},{entry.Value.Publishes.Count},{entry.Value.Publishes.Percentile(0.5):F1},{entry.Value.Publishes.Percentile(0.99):F1},{entry.Value.Deliveries.Count},{entry.Value.Deliveries.Percentile(0.5):F1},{entry.Value.Deliveries.Percentile(0.99):F1}")),
            ],
            cancellationToken);

    internal sealed class Interval
    {
        public Latencies Publishes { get; } = new();

        public Latencies Deliveries { get; } = new();
    }
}
