namespace Webhooks.Benchmarks;

/// <summary>What is reported of many measurements.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>MiB: what is alive on the managed heap, and what the process holds of the machine.</summary>
    public static (double Heap, double Process) Memory()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        return (heap / 1048576.0, Environment.WorkingSet / 1048576.0);
    }

    public static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
