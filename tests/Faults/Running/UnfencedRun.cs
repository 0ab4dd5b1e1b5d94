using Webhooks.Faults.Builds;

namespace Webhooks.Faults.Running;

/// <summary>A run of a build without fencing: proof that the judge would see it if fencing did not work.</summary>
internal static class UnfencedRun
{
    // Receivers that take their time have a queue before them: two silos that both hold it both send it.
    private const int DelayMilliseconds = 120;

    /// <returns>Whether the judge found promises broken, as it must.</returns>
    public static async Task<bool> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var revision = options.From ?? "HEAD";
        Console.WriteLine($"builds {revision} without fencing");
        using var build = await OtherBuild.MakeAsync(revision, Unfenced.Change, cancellationToken);
        var kinds = options.Kinds.Count > 0 ? options.Kinds : ["cut-silo-from-peers"];
        options = options with
        {
            Kinds = kinds,
            Behaviour = options.Behaviour.DelayMilliseconds > 0 ? options.Behaviour : options.Behaviour with { DelayMilliseconds = DelayMilliseconds },
            Topology = options.Topology with { Surroundings = [.. options.Topology.Surroundings, new OtherProcesses(build.Launch)] },
        };
        var result = await FaultRun.RunAsync(options, cancellationToken);
        Console.WriteLine(result.Promises ? "NOT SEEN: without fencing the run is clean" : "seen: without fencing promises are broken");
        return !result.Promises;
    }
}
