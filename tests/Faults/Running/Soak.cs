using System.Globalization;
using Webhooks.Faults.Measuring;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Running;

/// <summary>Load without faults for a long time, and what grows meanwhile.</summary>
internal static class Soak
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        // Days are the smallest unit of retention; idempotency keys are what can be forgotten within a run.
        options = options with
        {
            Keep = options.Keep ?? Directory.CreateTempSubdirectory("webhooks-soak-").FullName,
            Topology = options.Topology with { Settings = options.Topology.Settings.With("Webhooks__Delivery__IdempotencyWindow", "00:05:00") },
        };
        await using var stage = await Stage.SetAsync(options, histories: false, cancellationToken);
        var samples = new List<Sample>();
        using var load = stage.NewLoad(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = stage.Clock.Now;
        var publishing = load.RunAsync(stop.Token);
        while (stage.Clock.Now - began < options.Minutes * 60_000 && !publishing.IsCompleted)
        {
            await Task.WhenAny(Task.Delay(Interval, cancellationToken), publishing);
            cancellationToken.ThrowIfCancellationRequested();
            samples.Add(await TakeAsync(stage, cancellationToken));
            await Sample.WriteAsync(Path.Combine(stage.Folder, "soak.csv"), samples, cancellationToken);
        }

        await stop.CancelAsync();
        await publishing;
        Summarize(samples);
        if (options.Plot is not null)
        {
            await File.WriteAllTextAsync(options.Plot, Drawing(samples), cancellationToken);
        }

        Console.WriteLine($"samples: {Path.Combine(stage.Folder, "soak.csv")}");
    }

    private static async Task<Sample> TakeAsync(Stage stage, CancellationToken cancellationToken)
    {
        var now = stage.Clock.Now;
        var tables = stage.Topology.Postgres is { } postgres ? await TableSizes.ReadAsync(postgres.ConnectionString, cancellationToken) : [];
        var memory = Memory.Read(stage.Topology);
        return new Sample(now / 1000, stage.Recorder.Accepted, stage.Recorder.Timeline.At(now - Interval.TotalMilliseconds), memory, tables);
    }

    /// <summary>The first and the last quarter beside each other: what grows with time stands out, whatever grows with messages is given per message.</summary>
    private static void Summarize(IReadOnlyList<Sample> samples)
    {
        var quarter = Math.Max(1, samples.Count / 4);
        var first = samples.Take(quarter).ToList();
        var last = samples.TakeLast(quarter).ToList();
        Console.WriteLine($"{"",-34}{"first quarter",14}{"last quarter",14}");
        foreach (var (name, _) in samples[0].Columns.Where(static column => !column.Name.Contains("indexes", StringComparison.Ordinal)))
        {
            Line(name, Mean(first, name), Mean(last, name));
        }

        Line("stored bytes per event", PerEvent(first), PerEvent(last));
    }

    private static double PerEvent(List<Sample> quarter) =>
        (quarter[^1].Stored - quarter[0].Stored) * 1024 * 1024 / Math.Max(1, quarter[^1].Accepted - quarter[0].Accepted);

    private static double Mean(List<Sample> quarter, string name) => quarter
        .Select(sample => sample.Columns.FirstOrDefault(column => column.Name == name).Value)
        .Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private static void Line(string name, double first, double last) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34}{first,14:F1}{last,14:F1}"));

    private static string Drawing(IReadOnlyList<Sample> samples)
    {
        Panel Of(string title, Func<string, bool> wanted) => new(
            title,
            [.. samples[0].Columns.Where(column => wanted(column.Name)).Select(column => (column.Name, (IReadOnlyList<double>)[.. samples.Select(sample => sample.Columns.FirstOrDefault(other => other.Name == column.Name).Value)]))]);
        var processes = samples[0].Memory.Keys.Select(static name => name + " MB").ToHashSet();
        var largest = samples[^1].Tables.OrderByDescending(static table => table.Table).Take(5).Select(static table => table.Name + " MB").ToHashSet();
        return Plot.Draw(
            [.. samples.Select(static sample => sample.At)],
            [
                Of("Latency, ms", static name => name.EndsWith(" ms", StringComparison.Ordinal)),
                Of("Resident memory of processes, MB", processes.Contains),
                Of("Tables without indexes, MB", largest.Contains),
                Of("All tables and indexes, MB", static name => name == "stored MB"),
            ]);
    }
}
