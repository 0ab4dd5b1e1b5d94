using Webhooks.Faults.Builds;

namespace Webhooks.Faults.Running;

/// <summary>A run of a build without fencing: proof that the judge would see it if fencing did not work.</summary>
internal static class UnfencedRun
{
    /// <returns>Whether the judge found promises broken, as it must.</returns>
    public static async Task<bool> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var revision = options.From ?? "HEAD";
        Console.WriteLine($"builds {revision} without fencing");
        using var build = await OtherBuild.MakeAsync(revision, Unfenced.Change, cancellationToken);
        var kinds = options.Kinds.Count > 0 ? options.Kinds : ["cut-silo-from-peers", "cut-silo-off", "frozen-silo"];
        options = options with
        {
            Kinds = kinds,
            Topology = options.Topology with { Surroundings = [.. options.Topology.Surroundings, new OtherProcesses(build.Launch)] },
        };
        var result = await FaultRun.RunAsync(options, cancellationToken);
        Console.WriteLine(result.Promises ? "NOT SEEN: without fencing the run is clean" : "seen: without fencing promises are broken");
        return !result.Promises;
    }
}
