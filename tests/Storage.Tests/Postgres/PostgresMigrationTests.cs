using DbUp;
using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Storage.Postgres;

namespace Webhooks.Storage.Tests.Postgres;

/// <summary>A database of the version before retention, with rows in it, is brought up and nothing of it is lost.</summary>
public sealed class PostgresMigrationTests(PostgresFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payloads_and_attempts_of_before_are_still_there_and_new_ones_join_them()
    {
        var connection = await fixture.Server.CreateDatabaseAsync();
        Assert.True(DeployChanges.To
            .PostgresqlDatabase(connection)
            .WithScriptsEmbeddedInAssembly(typeof(PostgresStore).Assembly, static n => n.Contains(".Postgres.Schema.001", StringComparison.Ordinal) || n.Contains(".Postgres.Schema.002", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade()
            .Successful);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var store = StoreSet.OnPostgres(connection);
        var application = await Given.ApplicationAsync(store);
        var write = await Given.EndpointAsync(store, application);
        var endpoint = Given.Id(write);
        var now = TimeProvider.System.GetUtcNow();
        var message = Given.NewId();
        await ExecuteAsync(
            source,
            "INSERT INTO messages (application, seq, id, token, accepted_at, event_type, recipients, payload) VALUES ($1, 1, $2, $2, $3, 'a', '{1}', 'old')",
            application,
            message,
            now.UtcDateTime);
        await ExecuteAsync(source, "UPDATE heads SET tail = 1 WHERE application = $1", application);
        foreach (var started in (DateTimeOffset[])[now.AddDays(-200), now])
        {
            await ExecuteAsync(
                source,
                "INSERT INTO attempts (application, seq, id, endpoint, message, started_at, status, status_code, duration_ms, trigger_type, url, response) VALUES ($1, 1, $2, $3, $4, $5, 0, 200, 1, 0, 'u', 'r')",
                application,
                TimeOrderedId.Create(started),
                endpoint,
                message,
                started.UtcDateTime);
        }

        await store.Schema.MigrateAsync(Cancel);
        await store.Schema.MigrateAsync(Cancel);

        await Given.AppendedAsync(store, application, Given.Message("new", write.Endpoint!.Ordinal) with { AcceptedAt = now });
        var cursor = await Given.TakenAsync(store, endpoint);
        var attempt = Given.Attempt(2, Given.NewId());
        Assert.True(await Given.RecordedAsync(store, Given.Outcome(cursor, 2) with { Attempts = [attempt] }));
        // The same once more: the key of before holds in the old partition too.
        Assert.True(await Given.RecordedAsync(store, Given.Outcome(cursor, 2) with { Attempts = [attempt] }));

        var page = await store.Log.ReadPageAsync(application, 1, 0, 2, 10, int.MaxValue, Cancel);
        Assert.Equal(["old", "new"], page.Messages.Select(static m => System.Text.Encoding.UTF8.GetString(m.Payload!)));
        Assert.Equal(3, (await store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items.Count);
        Assert.Equal([false, false], (await store.Reads.ListMessagesAsync(application, new(), new(10), Cancel)).Items.Select(static m => m.PayloadGone));

        // What the old table holds goes by the batch, until its last day is over.
        Assert.Equal(1, await store.Retention.RemoveAttemptsAsync(application, 2, now.AddDays(-90), 1000, Cancel));
        Assert.Equal(2, (await store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items.Count);
        await store.Retention.DropAttemptDaysAsync(now.AddDays(3), Cancel);
        Assert.Empty((await store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items);
    }

    [Fact]
    public async Task A_process_of_the_version_before_gets_an_error_and_takes_no_payload_for_lost()
    {
        var connection = await fixture.Server.CreateDatabaseAsync();
        await using var store = StoreSet.OnPostgres(connection);
        await store.Schema.MigrateAsync(Cancel);
        await using var source = NpgsqlDataSource.Create(connection);

        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(source, "SELECT payload FROM messages"));

        Assert.Equal(PostgresErrorCodes.UndefinedColumn, error.SqlState);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresErrors.RunAsync<int>(() => throw error));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(Cancel);
    }
}
