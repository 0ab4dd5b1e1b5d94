using System.Globalization;
using Webhooks.Faults.Checking;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Running;

/// <summary>Keeps a history, has it judged and prints what came of it.</summary>
internal static class Judging
{
    /// <summary>Whether every promise was kept, and everything flowed again after each fault.</summary>
    public static RunResult Judge(History history, RunOptions options, string folder)
    {
        HistoryFiles.Write(folder, history);
        var verdict = Checker.Judge(history, Limits(options));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nseed {options.Seed}: {history.Faults.Count} faults\n"));
        WriteTimes(history.Faults);
        Console.WriteLine();
        Console.Write(VerdictTable.Write(verdict));
        var still = history.Faults.Count(static fault => fault.ToNewFlow is null);
        if (still > 0)
        {
            Console.WriteLine($"and {still} faults after which an endpoint got nothing new in time");
        }

        return new RunResult(verdict.IsClean, still == 0);
    }

    // What these processes run with, where it differs from what the judge takes for given.
    private static CheckerLimits Limits(RunOptions options) => new(AttemptTimeout: options.Topology.RequestTimeout.TotalMilliseconds);

    /// <summary>Times to flow from the end of the harm, as the faults define it: for a kill that is the kill, not the return of what was killed.</summary>
    private static void WriteTimes(IReadOnlyList<InjectedFault> faults)
    {
        Console.WriteLine("| fault | count | to flow p50, s | max, s | of new events p50, s | max, s |\n| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var kind in faults.GroupBy(static fault => fault.Kind).OrderBy(static kind => kind.Key, StringComparer.Ordinal))
        {
            var flow = kind.Where(static fault => fault.ToFlow is not null).Select(static fault => fault.ToFlow!.Value / 1000).Order().ToList();
            var fresh = kind.Where(static fault => fault.ToNewFlow is not null).Select(static fault => fault.ToNewFlow!.Value / 1000).Order().ToList();
            Console.WriteLine($"| {kind.Key} | {kind.Count()} | {Times(flow)} | {Times(fresh)} |");
        }
    }

    private static string Times(List<double> seconds) => seconds.Count == 0
        ? "never | "
        : string.Create(CultureInfo.InvariantCulture, $"{seconds[(seconds.Count - 1) / 2]:F1} | {seconds[^1]:F1}");
}
