using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Storage.Postgres;

namespace Webhooks.Storage.Tests.Postgres;

/// <summary>Days of payloads and attempts: made ahead, dropped whole, beside everything else that goes on.</summary>
public sealed class PostgresPartitionTests(PostgresFixture fixture)
{
    private static readonly DateTimeOffset Day = new(2030, 5, 1, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_database_has_today_and_three_days_ahead_and_a_place_for_all_others()
    {
        var (store, connection) = await OpenAsync();
        await using var _ = store;
        await using var source = NpgsqlDataSource.Create(connection);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var table in (string[])["payloads", "attempts"])
        {
            var days = (await store.Service<PostgresPartitions>().ListAsync(table, Cancel)).Select(static p => p.Until.AddDays(-1)).ToList();
            // Midnight may have passed since the migration.
            Assert.Equal(4, days.Count);
            Assert.InRange(today.DayNumber - days[0].DayNumber, 0, 1);
            Assert.True(await ExistsAsync(source, table + "_default"));
        }
    }

    [Fact]
    public async Task Several_silos_make_days_at_once_and_each_is_made_once()
    {
        var (store, connection) = await OpenAsync();
        await using var _ = store;
        var silos = Enumerable.Range(0, 3).Select(_ => StoreSet.OnPostgres(connection)).ToArray();
        try
        {
            var work = await Task.WhenAll(silos.Select(static s => s.Retention.PrepareAsync(Day, Cancel)));
            Assert.All(work, static w => Assert.Equal(0, w.Postponed));
            var days = await store.Service<PostgresPartitions>().ListAsync("payloads", Cancel);
            Assert.Equal(4, days.Count(static d => d.Until.Year == 2030));
            Assert.Equal(0, (await store.Retention.PrepareAsync(Day, Cancel)).Done);
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_day_that_is_dropped_takes_its_payloads_and_attempts_and_nothing_else()
    {
        var (store, _) = await OpenAsync();
        await using var __ = store;
        await store.Retention.PrepareAsync(Day, Cancel);
        var (application, endpoint) = await WithTwoDaysAsync(store);

        await store.Retention.DropPayloadDaysAsync(Midnight(Day.AddDays(1)), Cancel);
        await store.Retention.DropAttemptDaysAsync(Midnight(Day.AddDays(1)), Cancel);

        Assert.Null((await store.Log.ReadMessageAsync(application, 1, Cancel))!.Payload);
        Assert.NotNull((await store.Log.ReadMessageAsync(application, 2, Cancel))!.Payload);
        var left = (await store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items;
        Assert.Equal(Day.AddDays(1), Assert.Single(left).StartedAt);
    }

    [Fact]
    public async Task Dropping_a_day_gives_way_to_a_reader_that_stays_and_lets_writers_pass()
    {
        var (store, connection) = await OpenAsync();
        await using var __ = store;
        await store.Retention.PrepareAsync(Day, Cancel);
        var (application, _) = await WithTwoDaysAsync(store);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var reader = await source.OpenConnectionAsync(Cancel);
        await using var open = await reader.BeginTransactionAsync(Cancel);
        await ExecuteAsync(reader, "SELECT count(*) FROM payloads");
        await ExecuteAsync(reader, "SELECT count(*) FROM attempts");

        var dropping = store.Retention.DropPayloadDaysAsync(Midnight(Day.AddDays(1)), Cancel);
        // A statement is cut off after two seconds: that these are answered says that they did not wait behind the drop.
        var appended = 2L;
        while (!dropping.IsCompleted)
        {
            appended = await Given.AppendedAsync(store, application, Given.Message() with { AcceptedAt = Day.AddDays(1) });
            Assert.NotNull((await store.Log.ReadMessageAsync(application, appended, Cancel))!.Payload);
        }

        Assert.True((await dropping).Postponed > 0);
        Assert.True(appended > 2);
        Assert.NotNull((await store.Log.ReadMessageAsync(application, 1, Cancel))!.Payload);

        await open.CommitAsync(Cancel);
        Assert.Equal(0, (await store.Retention.DropPayloadDaysAsync(Midnight(Day.AddDays(1)), Cancel)).Postponed);
        Assert.Null((await store.Log.ReadMessageAsync(application, 1, Cancel))!.Payload);
    }

    [Fact]
    public async Task Rows_of_a_day_without_a_partition_are_kept_and_found()
    {
        var (store, _) = await OpenAsync();
        await using var __ = store;
        var (application, endpoint) = await WithTwoDaysAsync(store);

        Assert.NotNull((await store.Log.ReadMessageAsync(application, 1, Cancel))!.Payload);
        Assert.Equal(2, (await store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items.Count);
        // Their days can no longer be made; the other two can.
        Assert.Equal(new PartitionWork(4, 4), await store.Retention.PrepareAsync(Day, Cancel));
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private async Task<(StoreSet Store, string Connection)> OpenAsync()
    {
        var connection = await fixture.Server.CreateDatabaseAsync();
        var store = StoreSet.OnPostgres(connection);
        await store.Schema.MigrateAsync(Cancel);
        return (store, connection);
    }

    /// <summary>A message with its attempt on <see cref="Day"/>, and one the day after.</summary>
    private static async Task<(Guid Application, Guid Endpoint)> WithTwoDaysAsync(StoreSet store)
    {
        var application = await Given.ApplicationAsync(store);
        var write = await Given.EndpointAsync(store, application);
        var messages = Enumerable.Range(0, 2).Select(i => Given.Message("{}", write.Endpoint!.Ordinal) with { AcceptedAt = Day.AddDays(i) }).ToArray();
        await Given.AppendedAsync(store, application, messages);
        var cursor = await Given.TakenAsync(store, Given.Id(write));
        await Given.RecordedAsync(store, Given.Outcome(cursor, 2) with
        {
            Attempts = [.. messages.Select((m, i) => Given.Attempt(i + 1, m.Id) with { Id = TimeOrderedId.Create(m.AcceptedAt), StartedAt = m.AcceptedAt })],
        });
        return (application, Given.Id(write));
    }

    private static async Task<bool> ExistsAsync(NpgsqlDataSource source, string table)
    {
        await using var command = source.CreateCommand("SELECT to_regclass($1) IS NOT NULL");
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        return (bool)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
