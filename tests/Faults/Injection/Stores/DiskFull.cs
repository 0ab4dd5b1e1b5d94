using Npgsql;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Injection.Stores;

/// <summary>The disk of the store is full for a while; a PostgreSQL that stopped for it is started again.</summary>
internal sealed class DiskFull : IFault
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Kind => "disk-full";

    public bool LosesOutcomes => true;

    public Needs Needs => Needs.Disk;

    public string? Obstacle(Topology topology) => topology.Find<StoreDisk>() is null ? StoreDisk.Unavailable() ?? "needs a store without a standby" : null;

    public Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(3, 12);
        var filling = new CancellationTokenSource();
        var filled = FillAsync(topology.Find<StoreDisk>()!, filling.Token);
        string? finding = null;
        return Task.FromResult(new Harm($"for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, async cancellation =>
        {
            await filling.CancelAsync();
            await filled;
            filling.Dispose();
            topology.Find<StoreDisk>()!.Disk.Free();
            if (topology.Postgres is { } postgres)
            {
                await Eventually.TrueAsync(() => AnswersAsync(postgres), "PostgreSQL answers again", Patience);
            }

            var ended = topology.Nodes.Where(static node => !node.IsRunning).Select(static node => node.Name).ToList();
            finding = ended.Count == 0 ? null : $"ended by themselves: {string.Join(", ", ended)}";
            await topology.StartMissingAsync(cancellation);
        })
        {
            ConcludeAsync = _ => Task.FromResult(finding),
        });
    }

    /// <summary>Takes the space that is left, and what the store gives back meanwhile.</summary>
    private static async Task FillAsync(StoreDisk disk, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            disk.Disk.Fill();
            await Task.Delay(Again, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> AnswersAsync(PostgresServer postgres)
    {
        if (!postgres.IsRunning())
        {
            await postgres.StartAgainAsync();
        }

        try
        {
            await postgres.ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            // Recovering, or on its way to stop.
            return false;
        }
    }
}
