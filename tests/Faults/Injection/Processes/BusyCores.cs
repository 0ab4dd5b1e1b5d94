using System.Globalization;
using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>Other programs take all the time of all cores that they can get.</summary>
internal sealed class BusyCores : IFault
{
    private const int PerCore = 2;

    public string Kind => "busy-cores";

    // A silo that gets no time may be taken for dead.
    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(4, 10);

        // They end by themselves, should this program not live to end them.
        var limit = (lasts + TimeSpan.FromSeconds(20)).TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        var busy = Enumerable.Range(0, Environment.ProcessorCount * PerCore)
            .Select(_ => ChildProcess.Start("timeout", [limit, "sh", "-c", "while :; do :; done"]))
            .ToList();
        return Task.FromResult(new Harm($"{busy.Count} processes for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, async cancellation =>
        {
            foreach (var process in busy)
            {
                // timeout passes the signal on, as it does not for SIGKILL.
                process.Terminate();
                await process.WaitForExitAsync(TimeSpan.FromSeconds(20), cancellation);
                await process.DisposeAsync();
            }
        }));
    }
}
