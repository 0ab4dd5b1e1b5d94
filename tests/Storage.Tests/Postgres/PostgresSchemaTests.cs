using Npgsql;
using Webhooks.Tests.Shared;

namespace Webhooks.Storage.Tests.Postgres;

public sealed class PostgresSchemaTests(PostgresFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_processes_may_bring_the_schema_up_at_once()
    {
        var connection = await fixture.Server.CreateDatabaseAsync();
        var silos = Enumerable.Range(0, 4).Select(_ => StoreSet.OnPostgres(connection)).ToArray();
        try
        {
            await Task.WhenAll(silos.Select(static s => s.Schema.MigrateAsync(Cancel)));
            await Given.AppendedAsync(silos[3], await Given.ApplicationAsync(silos[0]), Given.Message());
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_does_not_write_through_is_refused(string setting)
    {
        await using var server = await PostgresServer.StartAsync();
        await using (var admin = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await admin.CreateCommand($"ALTER SYSTEM SET {setting} = off").ExecuteNonQueryAsync(Cancel);
            await admin.CreateCommand("SELECT pg_reload_conf()").ExecuteNonQueryAsync(Cancel);
        }

        await using var store = StoreSet.OnPostgres(server.ConnectionString);
        // The reload reaches the server's processes a moment later.
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await store.Schema.MigrateAsync(Cancel);
                    return false;
                }
                catch (InvalidOperationException error)
                {
                    return error.Message.Contains(setting + "=off", StringComparison.Ordinal);
                }
            },
            "the store refuses " + setting + "=off",
            TimeSpan.FromSeconds(10));
    }
}
