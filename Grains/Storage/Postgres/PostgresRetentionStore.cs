using Npgsql;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Retention in PostgreSQL: days of payloads and attempts are dropped whole, everything else goes by the batch.</summary>
internal sealed partial class PostgresRetentionStore(PostgresStore store, PostgresPartitions partitions) : IRetentionStore
{
    public Task<PartitionWork> PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) => partitions.MakeAheadAsync(now, cancellationToken);

    public Task<PartitionWork> DropPayloadDaysAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        partitions.DropAsync(PostgresPartitions.Payloads, before, cancellationToken);

    public Task<PartitionWork> DropAttemptDaysAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        partitions.DropAsync(PostgresPartitions.Attempts, before, cancellationToken);

    public Task<AgedPage> ListAgedAsync(Guid after, int limit, DateTimeOffset before, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("""
            SELECT h.application, m.seq, coalesce(m.accepted_at < $3, false)
            FROM (SELECT application FROM heads WHERE application > $1 ORDER BY application LIMIT $2) AS h
            LEFT JOIN LATERAL (SELECT seq, accepted_at FROM messages WHERE application = h.application ORDER BY seq LIMIT 1) AS m ON true
            ORDER BY h.application
            """).With(after).With(limit).With(before.UtcDateTime);
        var looked = await command.ReadAllAsync(static r => (Log: new AgedLog(r.GetGuid(0), r.IsDBNull(1) ? 0 : r.GetInt64(1)), Aged: r.GetBoolean(2)), cancellationToken);
        return new AgedPage([.. looked.Where(static l => l.Aged).Select(static l => l.Log)], looked.Count < limit ? null : looked[^1].Log.Application);
    });

    public Task<int> RemovePayloadsAsync(Guid application, long from, long before, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var old = Command("UPDATE messages SET old_payload = NULL WHERE application = $1 AND seq >= $2 AND seq < $3 AND old_payload IS NOT NULL");
        await using var strays = Command("DELETE FROM payloads_default WHERE application = $1 AND seq >= $2 AND seq < $3");
        return await old.ExecuteNonQueryAsync(cancellationToken) + await strays.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlCommand Command(string sql) => store.Writes.CreateCommand(sql).With(application).With(from).With(before);
    });

    public Task<int> RemoveAttemptsAsync(Guid application, long beforeSeq, DateTimeOffset before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var there = store.Reads.CreateCommand("SELECT to_regclass('attempts_before') IS NOT NULL");
        var removed = (bool)(await there.ExecuteScalarAsync(cancellationToken))! ? await RemoveAsync("attempts_before", limit) : 0;
        return removed + await RemoveAsync("attempts_default", limit - removed);

        async Task<int> RemoveAsync(string table, int most)
        {
            await using var command = store.Writes.CreateCommand($"""
                DELETE FROM {table} AS t USING (
                    SELECT seq, id FROM {table} WHERE application = $1 AND seq < $2 AND id < $3 ORDER BY seq, id LIMIT $4) AS old
                WHERE t.application = $1 AND t.seq = old.seq AND t.id = old.id
                """).With(application).With(beforeSeq).With(TimeRange.LowestId(before)).With(most);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    });

    public Task<int> RemoveDeadLettersAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            DELETE FROM dead_letters AS d USING (
                SELECT endpoint, from_seq, to_seq FROM dead_letters WHERE at < $1 ORDER BY at LIMIT $2) AS old
            WHERE d.endpoint = old.endpoint AND d.from_seq = old.from_seq AND d.to_seq = old.to_seq
            """).With(before.UtcDateTime).With(limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<long> FirstReferredAsync(Guid application, long before, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("""
            SELECT least($2,
                (SELECT min(least(
                        c.position + 1,
                        (SELECT min(seq) FROM parked AS p WHERE p.endpoint = c.endpoint),
                        (SELECT min(seq) FROM resends AS r WHERE r.endpoint = c.endpoint),
                        (SELECT min(from_seq) FROM dead_letters AS d WHERE d.endpoint = c.endpoint)))
                 FROM cursors AS c WHERE c.application = $1 AND NOT c.deleted),
                (SELECT min(seq) FROM attempts AS t WHERE t.application = $1 AND t.seq < $2))
            """).With(application).With(before);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    });

    public Task<int> RemoveEntriesAsync(Guid application, long before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            DELETE FROM messages AS m USING (SELECT seq FROM messages WHERE application = $1 AND seq < $2 ORDER BY seq LIMIT $3) AS old
            WHERE m.application = $1 AND m.seq = old.seq
            """).With(application).With(before).With(limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });
}
