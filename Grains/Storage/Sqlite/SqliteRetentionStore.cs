namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Retention in SQLite: everything goes by the batch, in commits that others need not wait long for.</summary>
internal sealed class SqliteRetentionStore(SqliteStore store) : IRetentionStore
{
    private const int TombstonesAtOnce = 10;

    public Task<PartitionWork> PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult(default(PartitionWork));

    public Task<PartitionWork> DropPayloadDaysAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(default(PartitionWork));

    public Task<PartitionWork> DropAttemptDaysAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(default(PartitionWork));

    public Task<AgedPage> ListAgedAsync(Guid after, int limit, DateTimeOffset before, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var heads = session.Query("SELECT application FROM heads WHERE application > ?1 ORDER BY application LIMIT ?2", static r => r.Id(0), after, limit);
            var logs = heads.Select(application => session.First(
                "SELECT seq, accepted_at FROM messages WHERE application = ?1 ORDER BY seq LIMIT 1",
                r => r.Time(1) < before ? new AgedLog(application, r.GetInt64(0)) : null,
                application));
            return new AgedPage([.. logs.OfType<AgedLog>()], heads.Count < limit ? null : heads[^1]);
        },
        cancellationToken);

    public Task<int> RemovePayloadsAsync(Guid application, long from, long before, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("UPDATE messages SET payload = NULL WHERE application = ?1 AND seq >= ?2 AND seq < ?3 AND payload IS NOT NULL", application, from, before),
        cancellationToken);

    public Task<int> RemoveAttemptsAsync(Guid application, long beforeSeq, DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            """
            DELETE FROM attempts WHERE rowid IN (
                SELECT rowid FROM attempts WHERE application = ?1 AND seq < ?2 AND id < ?3 ORDER BY seq, id LIMIT ?4)
            """,
            application,
            beforeSeq,
            TimeRange.LowestId(before),
            limit),
        cancellationToken);

    public Task<int> RemoveDeadLettersAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            """
            DELETE FROM dead_letters WHERE (endpoint, from_seq, to_seq) IN (
                SELECT endpoint, from_seq, to_seq FROM dead_letters WHERE at < ?1 ORDER BY at LIMIT ?2)
            """,
            before,
            limit),
        cancellationToken);

    public Task<long> FirstReferredAsync(Guid application, long before, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First(
            """
            SELECT min(?2,
                coalesce((SELECT min(min(
                        c.position + 1,
                        coalesce((SELECT min(seq) FROM parked AS p WHERE p.endpoint = c.endpoint), ?2),
                        coalesce((SELECT min(seq) FROM resends AS r WHERE r.endpoint = c.endpoint), ?2),
                        coalesce((SELECT min(from_seq) FROM dead_letters AS d WHERE d.endpoint = c.endpoint), ?2)))
                 FROM cursors AS c WHERE c.application = ?1 AND c.deleted = 0), ?2),
                coalesce((SELECT min(seq) FROM attempts AS t WHERE t.application = ?1), ?2))
            """,
            static r => r.GetInt64(0),
            application,
            before),
        cancellationToken);

    public Task<int> RemoveEntriesAsync(Guid application, long before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            "DELETE FROM messages WHERE rowid IN (SELECT rowid FROM messages WHERE application = ?1 AND seq < ?2 ORDER BY seq LIMIT ?3)",
            application,
            before,
            limit),
        cancellationToken);

    public Task<int> BuryAsync(DateTimeOffset now, DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            var changed = 0;
            foreach (var table in (string[])["endpoints", "applications"])
            {
                changed += session.Execute($"UPDATE {table} SET buried_at = ?1 WHERE id IN (SELECT id FROM {table} WHERE deleted = 1 AND buried_at IS NULL LIMIT ?2)", now, limit);
            }

            var endpoints = session.Query(
                """
                SELECT id FROM endpoints AS e WHERE deleted = 1 AND buried_at < ?1
                  AND NOT EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = e.id)
                ORDER BY buried_at LIMIT ?2
                """,
                static r => r.Id(0),
                before,
                TombstonesAtOnce);
            foreach (var endpoint in endpoints.TakeWhile(_ => changed < limit))
            {
                changed += BuryEndpoint(session, endpoint, limit - changed);
            }

            return changed < limit ? changed + BuryApplications(session, before, limit - changed) : changed;
        },
        cancellationToken);

    /// <summary>Rows of a tombstone go first; the tombstone goes when none is left.</summary>
    private static int BuryEndpoint(SqliteSession session, Guid endpoint, int limit)
    {
        var rows = 0;
        foreach (var (table, key) in ((string, string)[])[("parked", "endpoint, seq"), ("resends", "endpoint, seq"), ("dead_letters", "endpoint, from_seq, to_seq")])
        {
            rows += session.Execute($"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE endpoint = ?1 LIMIT ?2)", endpoint, limit - rows);
        }

        if (rows > 0)
        {
            return rows;
        }

        session.Execute("DELETE FROM cursors WHERE endpoint = ?1", endpoint);
        return session.Execute("DELETE FROM endpoints WHERE id = ?1", endpoint);
    }

    private static int BuryApplications(SqliteSession session, DateTimeOffset before, int limit)
    {
        var changed = 0;
        foreach (var application in session.Query(
            """
            SELECT id FROM applications AS a WHERE deleted = 1 AND buried_at < ?1
              AND NOT EXISTS (SELECT 1 FROM endpoints AS e WHERE e.application = a.id)
              AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.application = a.id)
            ORDER BY buried_at LIMIT ?2
            """,
            static r => r.Id(0),
            before,
            TombstonesAtOnce))
        {
            var waiting = session.Execute("DELETE FROM scheduled WHERE rowid IN (SELECT rowid FROM scheduled WHERE application = ?1 LIMIT ?2)", application, Math.Max(limit - changed, 1));
            if (waiting == 0)
            {
                session.Execute("DELETE FROM heads WHERE application = ?1", application);
                session.Execute("DELETE FROM applications WHERE id = ?1", application);
            }

            changed += Math.Max(waiting, 1);
        }

        return changed;
    }
}
