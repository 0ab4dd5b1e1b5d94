using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>What came of messages: by endpoint, by message, counted.</summary>
internal sealed partial class SqliteDeliveryReads
{
    private const string Delivered = "EXISTS (SELECT 1 FROM attempts AS ok WHERE ok.endpoint = ?2 AND ok.seq = t.seq AND ok.status = 0)";
    private const string Planned = "EXISTS (SELECT 1 FROM parked AS p WHERE p.endpoint = ?2 AND p.seq = t.seq AND p.kind IN (1, 3))";

    public Task<Page<AttemptedMessage>> ListAttemptedMessagesAsync(
        Guid application, Guid endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var walk = Walk.Of(page, filter is { After: not null, Before: null });
            if (Bounds(session, application, filter, page, walk) is not var (from, before))
            {
                return new Page<AttemptedMessage>([], false);
            }

            var conditions = new Conditions(application, endpoint, from, before);
            Narrow(conditions, filter.Channel, filter.Tag, filter.EventTypes);
            var join = conditions.Text.Length == 0 ? "" : " JOIN messages AS m ON m.application = ?1 AND m.seq = t.seq";
            // What is still planned is parked; what was given up has an index of its own.
            var source = status == AttemptedStatus.Sending ? "parked" : "attempts";
            switch (status)
            {
                case AttemptedStatus.Success:
                    conditions.And("t.status = 0");
                    break;
                case AttemptedStatus.Sending:
                    conditions.And($"t.kind IN (1, 3) AND t.attempts > 0 AND NOT {Delivered}");
                    break;
                case AttemptedStatus.Fail:
                    conditions.And($"t.status <> 0 AND t.next_attempt_at IS NULL AND NOT {Delivered} AND NOT {Planned}");
                    break;
                default:
                    break;
            }

            var sql = $"""
                SELECT {SqliteMessageLog.MessageColumns}, {Payload(filter.WithContent)}, {Delivered}, p.seq IS NOT NULL, p.due
                FROM (SELECT DISTINCT t.seq FROM {source} AS t{join}
                      WHERE t.endpoint = ?2 AND t.seq >= ?3 AND t.seq < ?4{conditions.Text}
                      ORDER BY t.seq {Direction(walk)} LIMIT {conditions.Bind(page.Limit + 1)}) AS t
                JOIN messages AS m ON m.application = ?1 AND m.seq = t.seq
                LEFT JOIN parked AS p ON p.endpoint = ?2 AND p.seq = t.seq AND p.kind IN (1, 3)
                ORDER BY t.seq {Direction(walk)}
                """;
            return walk.Cut(
                session.Query(sql, static r => AttemptedMessages.Judge(SqliteMessageLog.ReadMessage(r), r.GetBoolean(15), r.GetBoolean(16), r.TimeOrNull(17)), conditions.Values),
                page.Limit);
        },
        cancellationToken);

    public Task<Page<AttemptedEndpoint>> ListAttemptedEndpointsAsync(Guid application, string idOrEventId, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            if (SeqOf(session, application, idOrEventId) is not { } seq)
            {
                return new Page<AttemptedEndpoint>([], false);
            }

            var walk = Walk.Of(page, afterAlone: false);
            var conditions = new Conditions(application, seq);
            if (page.Iterator is not null)
            {
                if (!EntityId.TryParse(EntityId.Endpoint, page.Iterator, out var id))
                {
                    return new Page<AttemptedEndpoint>([], false);
                }

                conditions.And($"t.endpoint {(walk.RunsDown ? "<" : ">")} {conditions.Bind(id)}");
            }

            // The columns beside max() are those of the row that holds it.
            var sql = $"""
                SELECT e.details, t.status, p.due
                FROM (SELECT endpoint, status, max(id) FROM attempts AS t WHERE t.application = ?1 AND t.seq = ?2{conditions.Text} GROUP BY endpoint) AS t
                JOIN endpoints AS e ON e.id = t.endpoint
                LEFT JOIN parked AS p ON p.endpoint = t.endpoint AND p.seq = ?2 AND p.kind IN (1, 3)
                ORDER BY t.endpoint {Direction(walk)} LIMIT {conditions.Bind(page.Limit + 1)}
                """;
            return walk.Cut(
                session.Query(sql, static r => new AttemptedEndpoint(EndpointJson.Read(r.GetString(0)), (AttemptStatus)r.GetInt32(1), r.TimeOrNull(2)), conditions.Values),
                page.Limit);
        },
        cancellationToken);

    public Task<AttemptCounts> CountAttemptsAsync(Guid endpoint, Guid from, Guid to, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            // Both by indexes alone: all of them, and the failed ones, which have an index of their own.
            var all = session.First("SELECT count(*) FROM attempts WHERE endpoint = ?1 AND id >= ?2 AND id < ?3", static r => r.GetInt64(0), endpoint, from, to);
            var failed = session.First("SELECT count(*) FROM attempts WHERE endpoint = ?1 AND id >= ?2 AND id < ?3 AND status <> 0", static r => r.GetInt64(0), endpoint, from, to);
            return new AttemptCounts(all - failed, failed);
        },
        cancellationToken);

    public Task<IReadOnlyList<AttemptStretch>> CountStretchesAsync(Guid endpoint, IReadOnlyList<Guid> bounds, int durations, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<AttemptStretch>>(
            session =>
            {
                var stretches = new List<AttemptStretch>(bounds.Count);
                for (var i = 1; i < bounds.Count; i++)
                {
                    var (from, to) = (bounds[i - 1], bounds[i]);
                    var all = session.First("SELECT count(*) FROM attempts WHERE endpoint = ?1 AND id >= ?2 AND id < ?3", static r => r.GetInt64(0), endpoint, from, to);
                    var failed = all == 0 ? 0 : session.First("SELECT count(*) FROM attempts WHERE endpoint = ?1 AND id >= ?2 AND id < ?3 AND status <> 0", static r => r.GetInt64(0), endpoint, from, to);
                    var last = all == 0 ? [] : session.Query(
                        "SELECT duration_ms FROM attempts WHERE endpoint = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4", static r => r.GetInt32(0), endpoint, from, to, durations);
                    stretches.Add(new AttemptStretch(all - failed, failed, last));
                }

                return stretches;
            },
            cancellationToken);
}
