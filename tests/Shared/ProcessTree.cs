using System.Diagnostics;
using System.Globalization;

namespace Webhooks.Tests.Shared;

/// <summary>A process and those that it started, as <c>/proc</c> knows them.</summary>
public static class ProcessTree
{
    /// <summary>Ids of a process and of its children, the process first.</summary>
    public static IReadOnlyList<int> Of(int process)
    {
        var found = new List<int> { process };
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && ParentOf(id) == process)
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>SIGKILL to each of them.</summary>
    public static void Kill(IEnumerable<int> processes)
    {
        // One that has ended already makes kill fail, which does not matter.
        using var kill = Process.Start("kill", ["-KILL", .. processes.Select(static id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    /// <summary>Whether it runs; one that has ended and waits to be collected by its parent does not.</summary>
    public static bool Runs(int process) => Stat(process) is { } fields && fields[0] != "Z";

    private static int? ParentOf(int id) => Stat(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    // The fields from the state on; null when there is no such process.
    private static string[]? Stat(int id)
    {
        try
        {
            // "id (name) state parent …"; the name may hold anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }
}
