using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Topologies.Surroundings;

/// <summary>The store lies on a disk of its own that can be filled.</summary>
/// <param name="folder">Where it is mounted; not there yet.</param>
/// <param name="bytes">Its size.</param>
internal sealed class StoreDisk(string folder, long bytes) : ISurrounding
{
    private FullDisk? _disk;

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => FullDisk.Unavailable();

    public FullDisk Disk => _disk ?? throw new InvalidOperationException("It is not mounted.");

    /// <summary>Starts a PostgreSQL on it.</summary>
    public async Task<PostgresServer> StartPostgresAsync(int maxConnections)
    {
        await MountAsync();
        var server = await PostgresServer.StartAsync(Disk.Path, maxConnections);
        // Its log of writes would take up to a gigabyte before it begins again.
        await server.ExecuteAsync("ALTER SYSTEM SET max_wal_size = '96MB'");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
        return server;
    }

    public async Task PrepareAsync(Topology topology, CancellationToken cancellationToken)
    {
        if (topology.Postgres is null)
        {
            await MountAsync();
        }
    }

    public void Change(Node node)
    {
        if (node.Settings.ContainsKey("Webhooks__DataDirectory"))
        {
            node.Settings = node.Settings.SetItem("Webhooks__DataDirectory", Disk.Path);
        }
    }

    public ValueTask DisposeAsync() => _disk?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task MountAsync() => _disk = await FullDisk.MountAsync(folder, bytes);
}
