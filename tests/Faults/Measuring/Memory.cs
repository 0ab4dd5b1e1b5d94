using System.Globalization;
using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Measuring;

/// <summary>Resident memory of processes.</summary>
internal static class Memory
{
    /// <summary>Bytes by the name of the process; 0 for one that does not run.</summary>
    public static IReadOnlyDictionary<string, long> Read(Topology topology) =>
        topology.Nodes.ToDictionary(static node => node.Name, static node => node.ProcessId is { } id ? Resident(id) : 0);

    private static long Resident(int process)
    {
        // Pages: total, resident, …
        var pages = File.ReadAllText($"/proc/{process}/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
