using Webhooks.Faults.Builds;
using Webhooks.Faults.Injection;
using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Running;

/// <summary>
/// A cluster of an earlier revision, which has made the database, becomes one of today's, or one of that revision with a
/// schema change more: process by process under load, and back again if that is asked for.
/// </summary>
internal static class UpgradeRun
{
    public static async Task<RunResult> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        if (options.From is null || options.Topology.Store != StoreKind.Postgres)
        {
            throw new ArgumentException("An upgrade needs --from REVISION, and PostgreSQL.");
        }

        Console.WriteLine($"builds {options.From}");
        using var earlier = await OtherBuild.MakeAsync(options.From, change: null, cancellationToken);
        using var later = options.NextSchema ? await OtherBuild.MakeAsync(options.From, NextSchema.Change, cancellationToken) : null;
        options = options with { Topology = options.Topology with { Surroundings = [new OtherProcesses(earlier.Launch)] } };
        return await FaultRun.RunAsync(options, stage => Steps(options, stage, earlier.Launch, later?.Launch), cancellationToken);
    }

    /// <summary>Each process once in the order that a seed makes, the time shared out among them.</summary>
    private static IEnumerable<IFault> Steps(RunOptions options, Stage stage, Launch earlier, Launch? later)
    {
        var random = new Random(options.Seed + 3);
        var nodes = stage.Topology.Nodes.ToArray();
        var stays = TimeSpan.FromMinutes(options.Minutes) / (nodes.Length * (options.Back ? 2 : 1)) / 2;
        random.Shuffle(nodes);
        foreach (var node in nodes)
        {
            yield return new Replacement("upgrade", node, later, stays);
        }

        if (options.Back)
        {
            random.Shuffle(nodes);
            foreach (var node in nodes)
            {
                yield return new Replacement("downgrade", node, earlier, stays);
            }
        }
    }
}
