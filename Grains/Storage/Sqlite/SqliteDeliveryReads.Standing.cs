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

            var sql = $"""
                SELECT {SqliteMessageLog.MessageColumns}, {Payload(withContent)}, d.reason, d.at
                FROM dead_letters AS d JOIN messages AS m ON m.application = ?1 AND m.seq = d.from_seq
                WHERE d.endpoint = ?2 AND d.from_seq >= ?3 AND d.from_seq < ?4
                ORDER BY d.from_seq {Direction(walk)} LIMIT ?5
                """;
            return walk.Cut(
                session.Query(sql, static r => new DeadLetter(SqliteMessageLog.ReadMessage(r), r.GetString(15), r.Time(16)), application, endpoint, from, before, page.Limit + 1),
                page.Limit);
        },
        cancellationToken);

    public Task<long> CountDeadLettersAsync(Guid endpoint, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First("SELECT count(*) FROM dead_letters WHERE endpoint = ?1", static r => r.GetInt64(0), endpoint),
        cancellationToken);

    public Task<DeliveryState?> ReadStateAsync(Guid application, Guid endpoint, int ordinal, long seq, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First($"SELECT {SqliteCursorStore.AllColumns} FROM cursors WHERE endpoint = ?1", SqliteCursorStore.Read, endpoint) is { } cursor
            ? new DeliveryState(
                session.First("SELECT names(recipients, ?3) FROM messages WHERE application = ?1 AND seq = ?2", static r => r.GetBoolean(0), application, seq, ordinal),
                cursor,
                session.First("SELECT seq, kind, lane, attempts, due FROM parked WHERE endpoint = ?1 AND seq = ?2", SqliteCursorStore.ReadParked, endpoint, seq),
                session.First("SELECT reason FROM dead_letters WHERE endpoint = ?1 AND from_seq = ?2 AND to_seq = ?2", static r => r.GetString(0), endpoint, seq),
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
}
