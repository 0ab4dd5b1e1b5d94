using System.Globalization;
using Webhooks.Faults.Recording;

namespace Webhooks.Faults.Measuring;

/// <summary>A soak at one moment.</summary>
/// <param name="At">Seconds of the run.</param>
/// <param name="Accepted">Events answered 202 so far.</param>
/// <param name="Interval">Latencies of the ten seconds before.</param>
internal sealed record Sample(
    double At, long Accepted, Timeline.Interval Interval, IReadOnlyDictionary<string, long> Memory, IReadOnlyList<TableSize> Tables)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Megabytes of all tables and their indexes.</summary>
    public double Stored => Tables.Sum(static table => table.Table + table.Indexes) / Megabyte;

    /// <summary>Names and values, in the order of a line.</summary>
    public IEnumerable<(string Name, double Value)> Columns =>
    [
        ("seconds", At),
        ("accepted", Accepted),
        ("publish p50 ms", Interval.Publishes.Percentile(0.5)),
        ("publish p99 ms", Interval.Publishes.Percentile(0.99)),
        ("delivery p50 ms", Interval.Deliveries.Percentile(0.5)),
        ("delivery p99 ms", Interval.Deliveries.Percentile(0.99)),
        .. Memory.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => ($"{entry.Key} MB", entry.Value / Megabyte)),
        ("stored MB", Stored),
        .. Tables.SelectMany(static table => new[] { ($"{table.Name} MB", table.Table / Megabyte), ($"{table.Name} indexes MB", table.Indexes / Megabyte) }),
    ];

    public static Task WriteAsync(string file, IReadOnlyList<Sample> samples, CancellationToken cancellationToken) => File.WriteAllLinesAsync(
        file,
        [
            string.Join(',', samples[0].Columns.Select(static column => column.Name)),
            .. samples.Select(static sample => string.Join(',', sample.Columns.Select(static column => column.Value.ToString("0.##", CultureInfo.InvariantCulture)))),
        ],
        cancellationToken);
}
