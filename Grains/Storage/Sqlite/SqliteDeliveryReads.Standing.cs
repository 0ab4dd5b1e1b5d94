using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Dead letters, and how one message stands at one endpoint.</summary>
internal sealed partial class SqliteDeliveryReads
{
    public Task<Page<DeadLetter>> ListDeadLettersAsync(Guid application, Guid endpoint, bool withContent, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var walk = Walk.Of(page, afterAlone: false);
            if (Bounds(session, application, new MessageFilter(), page, walk) is not var (from, before))
            {
                return new Page<DeadLetter>([], false);
            }

            var direction = Direction(walk);
            var limit = page.Limit + 1;
            var letters = session.Query(
                $"""
                SELECT d.from_seq, d.reason, d.at FROM dead_letters AS d
                WHERE d.endpoint = ?2 AND d.from_seq >= ?3 AND d.from_seq < ?4 AND d.to_seq = d.from_seq AND ?1 IS NOT NULL
                ORDER BY d.from_seq {direction} LIMIT ?5
                """,
                static r => (Seq: r.GetInt64(0), Reason: r.GetString(1), At: r.Time(2)),
                application,
                endpoint,
                from,
                before,
                limit);
            // Stretches are few; each gives a page at most.
            foreach (var (first, last, reason, at) in session.Query(
                "SELECT from_seq, to_seq, reason, at FROM dead_letters WHERE endpoint = ?1 AND to_seq > from_seq AND to_seq >= ?2 AND from_seq < ?3",
                static r => (r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.Time(3)),
                endpoint,
                from,
                before))
            {
                letters.AddRange(session.Query(
                    $"SELECT x.seq FROM messages AS x WHERE x.application = ?1 AND x.seq >= ?3 AND x.seq <= ?4 AND {GivenUpIn("x")} ORDER BY x.seq {direction} LIMIT ?5",
                    r => (r.GetInt64(0), reason, at),
                    application,
                    endpoint,
                    Math.Max(first, from),
                    Math.Min(last, before - 1),
                    limit));
            }

            var sorted = walk.RunsDown ? letters.OrderByDescending(static l => l.Seq) : letters.OrderBy(static l => l.Seq);
            var sql = $"SELECT {SqliteMessageLog.MessageColumns}, {Payload(withContent)} FROM messages AS m WHERE m.application = ?1 AND m.seq = ?2";
            var found = new List<DeadLetter>(limit);
            foreach (var (seq, reason, at) in sorted.Take(limit))
            {
                if (session.First(sql, SqliteMessageLog.ReadMessage, application, seq) is { } message)
                {
                    found.Add(new DeadLetter(message, reason, at));
                }
            }

            return walk.Cut(found, page.Limit);
        },
        cancellationToken);

    public Task<Guid?> FindApplicationAsync(Guid endpoint, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First("SELECT application FROM cursors WHERE endpoint = ?1", static r => (Guid?)r.Id(0), endpoint),
        cancellationToken);

    public Task<long> CountDeadLettersAsync(Guid application, Guid endpoint, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First(
                "SELECT count(*) FROM dead_letters WHERE endpoint = ?1 AND to_seq = from_seq",
                static r => r.GetInt64(0),
                endpoint)
            + session.First(
                $"""
                SELECT count(*) FROM dead_letters AS s
                CROSS JOIN messages AS x ON x.application = ?1 AND x.seq >= s.from_seq AND x.seq <= s.to_seq AND {GivenUpIn("x")}
                WHERE s.endpoint = ?2 AND s.to_seq > s.from_seq
                """,
                static r => r.GetInt64(0),
                application,
                endpoint),
        cancellationToken);

    public Task<DeliveryState?> ReadStateAsync(Guid application, Guid endpoint, int ordinal, long seq, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First($"SELECT {SqliteCursorStore.AllColumns} FROM cursors WHERE endpoint = ?1", SqliteCursorStore.Read, endpoint) is { } cursor
            ? new DeliveryState(
                session.First("SELECT names(recipients, ?3) FROM messages WHERE application = ?1 AND seq = ?2", static r => r.GetBoolean(0), application, seq, ordinal),
                cursor,
                session.First("SELECT seq, kind, lane, attempts, due FROM parked WHERE endpoint = ?1 AND seq = ?2", SqliteCursorStore.ReadParked, endpoint, seq),
                session.First("SELECT reason FROM dead_letters WHERE endpoint = ?1 AND from_seq = ?2 AND to_seq = ?2", static r => r.GetString(0), endpoint, seq)
                    ?? session.First("SELECT reason FROM dead_letters WHERE endpoint = ?1 AND to_seq > from_seq AND from_seq <= ?2 AND to_seq >= ?2", static r => r.GetString(0), endpoint, seq),
                session.Query($"SELECT {AttemptColumns} FROM attempts AS t WHERE t.endpoint = ?1 AND t.seq = ?2 ORDER BY t.id LIMIT 250", static r => ReadAttempt(r, true), endpoint, seq))
            : null,
        cancellationToken);

    public Task<AheadCount> CountAheadAsync(
        Guid application, Guid endpoint, int ordinal, long position, long lane, long seq, int limit, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var end = Math.Min(seq, position + limit + 1);
            var (queued, parked) = session.First(
                """
                SELECT (SELECT count(*) FROM (
                           SELECT seq FROM messages WHERE application = ?1 AND seq > ?4 AND seq < ?5 AND names(recipients, ?3)
                           EXCEPT
                           SELECT seq FROM attempts WHERE endpoint = ?2 AND seq > ?4 AND seq < ?5 AND status = 0)),
                       (SELECT count(*) FROM (SELECT 1 FROM parked WHERE endpoint = ?2 AND lane = ?6 AND seq < ?7 AND kind IN (1, 2) LIMIT ?8))
                """,
                static r => (r.GetInt64(0), r.GetInt64(1)),
                application,
                endpoint,
                ordinal,
                position,
                end,
                lane,
                seq,
                limit + 1);
            return new AheadCount(queued + parked, end >= seq && parked <= limit);
        },
        cancellationToken);

    private static string DeliveredAt(string seq) => $"EXISTS (SELECT 1 FROM attempts AS ok WHERE ok.endpoint = ?2 AND ok.seq = {seq} AND ok.status = 0)";

    /// <summary>Whether an entry of a stretch that was given up was one of the endpoint's, and is not listed by itself.</summary>
    private static string GivenUpIn(string message) =>
        $"names({message}.recipients, (SELECT ordinal FROM cursors WHERE endpoint = ?2)) AND NOT {DeliveredAt(message + ".seq")}"
        + $" AND NOT EXISTS (SELECT 1 FROM dead_letters AS o WHERE o.endpoint = ?2 AND o.from_seq = {message}.seq AND o.to_seq = {message}.seq)";
}
