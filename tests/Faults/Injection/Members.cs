using Npgsql;
using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Injection;

/// <summary>What the membership table says of the silos.</summary>
internal static class Members
{
    // Orleans' SiloStatus.
    private const int Active = 3;
    private const int Dead = 6;

    // A silo that was declared dead reads it in the table within 5 s, and ends.
    private static readonly TimeSpan Discovery = TimeSpan.FromSeconds(20);

    /// <summary>How many silos were ever declared dead, or left.</summary>
    public static async Task<long> DeadAsync(Topology topology, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(topology, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM orleans_membership WHERE status = $1", connection) { Parameters = { new() { Value = Dead } } };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Tells of silos that died since, of which none was killed; brings back those that ended. Null when there is none.</summary>
    /// <param name="before">How many were dead before.</param>
    public static async Task<string?> DiedAsync(Topology topology, long before, CancellationToken cancellationToken)
    {
        var died = await DeadAsync(topology, cancellationToken) - before;
        if (died == 0)
        {
            return null;
        }

        var zombie = await RejoinAsync(topology, cancellationToken);
        return $"{died} silos were declared dead that lived{(zombie is null ? "" : "; " + zombie)}";
    }

    /// <summary>Waits until each silo that runs is a member; those that were declared dead end by themselves and are started again.</summary>
    /// <returns>What should not be: a silo that was declared dead and went on; null when all is well.</returns>
    public static async Task<string?> RejoinAsync(Topology topology, CancellationToken cancellationToken)
    {
        string? finding = null;
        if (!await Eventually.WithinAsync(async () => (await ZombiesAsync(topology, cancellationToken)).Count == 0, Discovery))
        {
            foreach (var zombie in await ZombiesAsync(topology, cancellationToken))
            {
                finding = $"{zombie.Name} was declared dead and went on for {Discovery.TotalSeconds:F0} s";
                await zombie.KillAsync();
            }
        }

        await topology.StartMissingAsync(cancellationToken);
        return finding;
    }

    // Silos whose process runs although they are no members.
    private static async Task<List<Node>> ZombiesAsync(Topology topology, CancellationToken cancellationToken)
    {
        var active = new HashSet<int>();
        await using var connection = await OpenAsync(topology, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT port FROM orleans_membership WHERE status = $1", connection) { Parameters = { new() { Value = Active } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            active.Add(reader.GetInt32(0));
        }

        return [.. topology.Silos.Where(silo => silo.IsRunning && !active.Contains(silo.SiloPort))];
    }

    private static async Task<NpgsqlConnection> OpenAsync(Topology topology, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(topology.Postgres!.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
