namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>How long queues are in SQLite, and how old.</summary>
internal sealed class SqliteQueueLimits(SqliteStore store) : IQueueLimits
{
    private const long Span = 100_000;

    public Task<QueuePage> LookAsync(Guid after, int limit, DateTimeOffset oldBefore, long longerThan, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var looked = session.Query(
                """
                SELECT c.endpoint, c.application, c.ordinal, c.position, h.tail,
                       (SELECT m.accepted_at FROM messages AS m WHERE m.application = c.application AND m.seq > c.position ORDER BY m.seq LIMIT 1),
                       (SELECT m.accepted_at FROM messages AS m WHERE m.application = c.application AND m.seq = (
                            SELECT p.seq FROM parked AS p WHERE p.endpoint = c.endpoint AND p.kind BETWEEN 1 AND 2 ORDER BY p.seq LIMIT 1))
                FROM (SELECT * FROM cursors WHERE endpoint > ?1 AND deleted = 0 ORDER BY endpoint LIMIT ?2) AS c
                JOIN heads AS h ON h.application = c.application
                ORDER BY c.endpoint
                """,
                static r => new QueueSuspect(r.Id(0), r.Id(1), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4), r.TimeOrNull(5), r.TimeOrNull(6)),
                after,
                limit);
            return new QueuePage(
                [.. looked.Where(q => q.NextAt < oldBefore || q.ParkedAt < oldBefore || q.Tail - q.Position > longerThan)],
                looked.Count < limit ? null : looked[^1].Endpoint);
        },
        cancellationToken);

    public Task<long> FirstSeqAsync(Guid application, DateTimeOffset time, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var tail = session.First("SELECT tail FROM heads WHERE application = ?1", static r => r.GetInt64(0), application);
            // Every look-up has ended when it returns: nothing is waited for here.
            return TimeRange.FirstSeqAsync(tail, time, seq => Task.FromResult(session.First(
                "SELECT accepted_at FROM messages WHERE application = ?1 AND seq = ?2",
                static r => (DateTimeOffset?)r.Time(0),
                application,
                seq))).Result;
        },
        cancellationToken);

    public Task<QueueStretch> FirstWaitingAsync(Guid application, int ordinal, long after, long before, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var end = Math.Min(before - 1, after + Span);
            return session.First(
                "SELECT seq, accepted_at FROM messages WHERE application = ?1 AND seq > ?2 AND seq <= ?3 AND names(recipients, ?4) ORDER BY seq LIMIT 1",
                r => new QueueStretch(r.GetInt64(0), r.Time(1), end),
                application,
                after,
                end,
                ordinal) ?? new QueueStretch(null, null, end);
        },
        cancellationToken);

    public Task<QueueCount> CountAsync(Guid application, int ordinal, long after, long upTo, long keep, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First(
            """
            SELECT count(*), max(CASE WHEN place = ?5 + 1 THEN seq END)
            FROM (SELECT seq, row_number() OVER (ORDER BY seq DESC) AS place FROM messages
                  WHERE application = ?1 AND seq > ?2 AND seq <= ?3 AND names(recipients, ?4))
            """,
            static r => new QueueCount(r.GetInt64(0), r.IsDBNull(1) ? null : r.GetInt64(1)),
            application,
            after,
            upTo,
            ordinal,
            keep)!,
        cancellationToken);
}
