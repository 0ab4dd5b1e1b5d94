using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Recoveries in SQLite.</summary>
internal sealed class SqliteRecoveryStore(SqliteStore store) : IRecoveryStore
{
    // Each entry costs some look-ups: what is published must not wait long behind a statement.
    private const int ScanSpan = 256;

    // Of an endpoint that is gone nothing is recovered any more.
    private const string Status = "CASE WHEN r.status = 0 AND (c.endpoint IS NULL OR c.deleted = 1) THEN 3 ELSE r.status END";
    private const string Select = $"SELECT r.id, r.details, r.from_seq, r.to_seq, r.position, {Status}, r.matched, r.sent, r.created_at, r.updated_at FROM recoveries AS r LEFT JOIN cursors AS c ON c.endpoint = r.endpoint";
    private const string Delivered = "EXISTS (SELECT 1 FROM attempts AS ok WHERE ok.endpoint = ?2 AND ok.seq = m.seq AND ok.status = 0)";

    private const string DeadLetter =
        "(EXISTS (SELECT 1 FROM dead_letters AS d WHERE d.endpoint = ?2 AND d.from_seq = m.seq AND d.to_seq = m.seq)"
        + " OR (names(m.recipients, ?5) AND EXISTS (SELECT 1 FROM dead_letters AS d WHERE d.endpoint = ?2 AND d.to_seq > d.from_seq AND d.from_seq <= m.seq AND d.to_seq >= m.seq)))";

    public Task CreateAsync(Guid id, RecoverTask task, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            var (application, endpoint) = RecoveryText.Ids(task);
            var from = task.Kind == RecoverKind.Failed ? 0 : SqliteDeliveryReads.FirstSeq(session, application, task.Since) - 1;
            var to = SqliteDeliveryReads.FirstSeq(session, application, task.Until) - 1;
            return session.Execute(
                """
                INSERT INTO recoveries (id, organization, application, endpoint, kind, details, from_seq, to_seq, position, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?9, ?9)
                ON CONFLICT (id) DO NOTHING
                """,
                id,
                task.Organization,
                application,
                endpoint,
                (int)task.Kind,
                RecoveryText.Write(task),
                from,
                to,
                now);
        },
        cancellationToken);

    public Task<RecoveryRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First(Select + " WHERE r.id = ?1", Read, id), cancellationToken);

    public Task<RecoveryRow?> ReadRunningAsync(Guid endpoint, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First(Select + " WHERE r.endpoint = ?1 AND r.status = 0 ORDER BY r.id LIMIT 1", Read, endpoint), cancellationToken);

    public Task<Page<RecoveryRow>> ListAsync(string organization, RecoverStatus? status, RecoverKind? kind, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            Guid? start = null;
            if (page.Iterator is not null)
            {
                if (!EntityId.TryParse(EntityId.BackgroundTask, page.Iterator, out var id))
                {
                    return new Page<RecoveryRow>([], false);
                }

                start = id;
            }

            var walk = Walk.Of(page, afterAlone: false);
            var sql = $"""
                {Select} WHERE r.organization = ?1 AND (?2 IS NULL OR {Status} = ?2) AND (?3 IS NULL OR r.kind = ?3)
                {(start is null ? "AND ?4 IS NULL" : walk.RunsDown ? "AND r.id < ?4" : "AND r.id > ?4")}
                ORDER BY r.id {(walk.RunsDown ? "DESC" : "ASC")} LIMIT ?5
                """;
            return walk.Cut(session.Query(sql, Read, organization, (int?)status, (int?)kind, start, page.Limit + 1), page.Limit);
        },
        cancellationToken);

    public Task<bool> CancelAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("UPDATE recoveries SET status = ?2, updated_at = ?3 WHERE id = ?1 AND status = 0", id, (int)RecoverStatus.Cancelled, now) > 0,
        cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("DELETE FROM recoveries WHERE id IN (SELECT id FROM recoveries WHERE status <> 0 AND updated_at < ?1 ORDER BY updated_at LIMIT ?2)", before, limit),
        cancellationToken);

    public Task<CandidatePage> ReadCandidatesAsync(RecoveryRow recovery, Guid application, int ordinal, long after, int limit, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var (_, endpoint) = RecoveryText.Ids(recovery.Task);
            var end = Math.Min(recovery.ToSeq, after + ScanSpan);
            var filter = recovery.Task.Filter;
            var where = new StringBuilder(recovery.Task.Kind switch
            {
                RecoverKind.Failed => $" AND EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq AND t.status <> 0 AND +t.id >= ?8 AND +t.id < ?9) AND NOT {Delivered}",
                RecoverKind.Missing => " AND NOT EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq)",
                RecoverKind.DeadLetters => $" AND {DeadLetter} AND NOT {Delivered}",
                _ => " AND (names(m.recipients, ?5) OR EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq))",
            });
            // With +, an attempt is looked up by its message; by the range of ids each look-up would walk all of them.
            // Every parameter is named, wanted or not: the library takes a gap for a missing one.
            where.Append(" AND (?10 IS NULL OR m.event_type IN (SELECT value FROM json_each(?10))) AND (?11 IS NULL OR instr(m.channels, ?11) > 0) AND (?12 IS NULL OR instr(m.tags, ?12) > 0)");
            where.Append(filter?.Status switch
            {
                null => "",
                (int)AttemptedStatus.Success => $" AND {Delivered}",
                (int)AttemptedStatus.Fail => $" AND NOT {Delivered} AND (EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq) OR {DeadLetter})",
                // What is on its way needs no replay, and what has not been tried is on its way.
                _ => " AND 0",
            });
            where.Append(" AND (?13 IS NULL OR (SELECT t.status_code FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq ORDER BY t.id DESC LIMIT 1) / 100 = ?13)");
            var rows = session.Query(
                $"""
                SELECT m.seq, m.event_type, m.channels, m.ordering_key FROM messages AS m
                WHERE m.application = ?1 AND m.seq > ?3 AND m.seq <= ?4
                  AND NOT EXISTS (SELECT 1 FROM parked AS p WHERE p.endpoint = ?2 AND p.seq = m.seq)
                  AND NOT (names(m.recipients, ?5) AND m.seq > (SELECT position FROM cursors WHERE endpoint = ?2))
                  AND NOT EXISTS (SELECT 1 FROM attempts AS t WHERE t.endpoint = ?2 AND t.seq = m.seq AND +t.id >= ?7)
                  AND ?8 IS NOT NULL AND ?9 IS NOT NULL{where}
                ORDER BY m.seq LIMIT ?6
                """,
                static r => new RecoveryCandidate(r.GetInt64(0), r.GetString(1), SqliteMessageLog.ListOrNull(r, 2), r.TextOrNull(3)),
                application,
                endpoint,
                after,
                end,
                ordinal,
                limit + 1,
                TimeRange.LowestId(recovery.CreatedAt),
                TimeRange.LowestId(recovery.Task.Since),
                TimeRange.LowestId(recovery.Task.Until),
                filter?.EventTypes is { } types ? JsonSerializer.Serialize(types) : null,
                filter?.Channel is { } channel ? "\"" + channel + "\"" : null,
                filter?.Tag is { } tag ? "\"" + tag + "\"" : null,
                filter?.StatusCodeClass / 100);
            // One more than wanted was asked for: it tells that the stretch was not read to its end.
            return rows.Count > limit ? new CandidatePage(rows[..limit], rows[limit - 1].Seq) : new CandidatePage(rows, end);
        },
        cancellationToken);

    private static RecoveryRow Read(SqliteDataReader r) => new(
        r.Id(0),
        RecoveryText.Read(r.GetString(1)),
        r.GetInt64(2),
        r.GetInt64(3),
        r.GetInt64(4),
        (RecoverStatus)r.GetInt32(5),
        r.GetInt64(6),
        r.GetInt64(7),
        r.Time(8),
        r.Time(9));
}
