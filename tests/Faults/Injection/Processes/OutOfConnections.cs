using Npgsql;
using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Injection.Processes;

/// <summary>Somebody else takes every connection that PostgreSQL has, those of the system included.</summary>
internal sealed class OutOfConnections : IFault
{
    private const string TooManyConnections = "53300";

    public string Kind => "out-of-connections";

    public bool LosesOutcomes => true;

    public string? Obstacle(Topology topology) => topology.Postgres is null ? "needs PostgreSQL" : null;

    public async Task<Harm> InjectAsync(Topology topology, Random random, CancellationToken cancellationToken)
    {
        var lasts = random.Seconds(3, 12);
        var taken = new List<NpgsqlConnection>();
        var text = topology.Postgres!.ConnectionString + ";Pooling=false;Application Name=taker";
        try
        {
            while (await OpenAsync(text, cancellationToken) is { } connection)
            {
                taken.Add(connection);
            }

            // The system opens what it lost again, while its places are taken from it: whoever comes first has them.
            for (var round = 0; round < topology.Options.MaxConnections; round++)
            {
                await using var terminate = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name <> 'taker' AND backend_type = 'client backend'", taken[0]);
                if ((long)(await terminate.ExecuteScalarAsync(cancellationToken))! == 0)
                {
                    break;
                }

                while (await OpenAsync(text, cancellationToken) is { } connection)
                {
                    taken.Add(connection);
                }
            }
        }
        catch
        {
            await CloseAsync(taken);
            throw;
        }

        return new Harm($"{taken.Count} of {topology.Options.MaxConnections} taken for {lasts.TotalSeconds:F0} s", HarmEnds.WhenHealed, lasts, _ => CloseAsync(taken));
    }

    // Null when there is no place.
    private static async Task<NpgsqlConnection?> OpenAsync(string text, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(text);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (PostgresException refused) when (refused.SqlState == TooManyConnections)
        {
            await connection.DisposeAsync();
            return null;
        }
    }

    private static async Task CloseAsync(List<NpgsqlConnection> taken)
    {
        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }
    }
}
