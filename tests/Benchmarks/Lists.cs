using Webhooks.Grains.Storage.Sqlite;
using Webhooks.Storage.Tests;
using Webhooks.Storage.Tests.Lists;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>How long each list takes at the store with 1,000,000 attempts in it.</summary>
internal static class Lists
{
    private const int Rounds = 300;
    private const int WarmUp = 20;

    public static async Task RunAsync()
    {
        Console.WriteLine($"| list, at the store, {LargeWorld.Messages * LargeWorld.Endpoints:N0} attempts | SQLite p50 ms | p99 ms | PostgreSQL p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|---|");
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;
        await using var server = await PostgresServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await using (var sqlite = StoreSet.OnSqlite(folder))
        await using (var postgres = StoreSet.OnPostgres(connectionString))
        {
            await sqlite.Schema.MigrateAsync(CancellationToken.None);
            await postgres.Schema.MigrateAsync(CancellationToken.None);
            var inSqlite = await LargeWorld.OnSqliteAsync(sqlite, sqlite.Service<SqliteStore>());
            var inPostgres = await LargeWorld.OnPostgresAsync(postgres, connectionString);
            foreach (var (name, query) in ListQueries.All.Append(KeyValuePair.Create("statistics of an endpoint", ListQueries.Statistics)))
            {
                var (a50, a99) = await MeasureAsync(() => query(sqlite, inSqlite));
                var (b50, b99) = await MeasureAsync(() => query(postgres, inPostgres));
                Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"| {name} | {a50:0.00} | {a99:0.00} | {b50:0.00} | {b99:0.00} |"));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(double P50, double P99)> MeasureAsync(Func<Task<int>> query)
    {
        var times = new double[Rounds];
        for (var i = -WarmUp; i < Rounds; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await query();
            if (i >= 0)
            {
                times[i] = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return (times[Rounds / 2], times[Rounds * 99 / 100]);
    }
}
