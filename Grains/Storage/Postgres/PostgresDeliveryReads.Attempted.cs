using System.Text;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>What came of messages: by endpoint, by message, counted.</summary>
internal sealed partial class PostgresDeliveryReads
{
    private const string Delivered = "SELECT FROM attempts AS ok WHERE ok.endpoint = $2 AND ok.status = 0";

    public Task<Page<AttemptedMessage>> ListAttemptedMessagesAsync(
        Guid application, Guid endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var walk = Walk.Of(page, filter is { After: not null, Before: null });
        if (await BoundsAsync(application, filter, page, walk, cancellationToken) is not var (from, before))
        {
            return new Page<AttemptedMessage>([], false);
        }

        await using var command = store.Reads.CreateCommand().With(application).With(endpoint).With(from).With(before).With(page.Limit + 1);
        var where = new StringBuilder();
        Narrow(command, where, filter.Channel, filter.Tag, filter.EventTypes);
        var join = where.Length == 0 ? "" : " JOIN messages AS m ON m.application = $1 AND m.seq = t.seq";
        // What is still planned is parked; what was given up has an index of its own.
        var source = status switch
        {
            AttemptedStatus.Success => "attempts AS t",
            AttemptedStatus.Sending => "parked AS t",
            _ => "attempts AS t",
        };
        where.Append(status switch
        {
            AttemptedStatus.Success => " AND t.status = 0",
            AttemptedStatus.Sending => $" AND t.kind IN (1, 3) AND t.attempts > 0 AND NOT EXISTS ({Delivered} AND ok.seq = t.seq)",
            AttemptedStatus.Fail => " AND t.status <> 0 AND t.next_attempt_at IS NULL"
                + $" AND NOT EXISTS ({Delivered} AND ok.seq = t.seq) AND NOT EXISTS (SELECT FROM parked AS p WHERE p.endpoint = $2 AND p.seq = t.seq AND p.kind IN (1, 3))",
            _ => "",
        });
        command.CommandText = $"""
            WITH page AS (
                SELECT DISTINCT t.seq FROM {source}{join}
                WHERE t.endpoint = $2 AND t.seq >= $3 AND t.seq < $4{where}
                ORDER BY t.seq {Direction(walk)} LIMIT $5)
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(filter.WithContent)},
                   EXISTS ({Delivered} AND ok.seq = page.seq), p.seq IS NOT NULL, p.due
            FROM page
            JOIN messages AS m ON m.application = $1 AND m.seq = page.seq
            LEFT JOIN parked AS p ON p.endpoint = $2 AND p.seq = page.seq AND p.kind IN (1, 3)
            ORDER BY page.seq {Direction(walk)}
            """;
        return walk.Cut(
            await command.ReadAllAsync(
                static r => AttemptedMessages.Judge(PostgresMessageLog.ReadMessage(r), r.GetBoolean(15), r.GetBoolean(16), r.TimeOrNull(17)),
                cancellationToken),
            page.Limit);
    });

    public Task<Page<AttemptedEndpoint>> ListAttemptedEndpointsAsync(Guid application, string idOrEventId, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.Endpoint, page, out var start) || await SeqOfAsync(application, idOrEventId, cancellationToken) is not { } seq)
        {
            return new Page<AttemptedEndpoint>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT DISTINCT ON (t.endpoint) e.details, t.status, p.due
            FROM attempts AS t
            JOIN endpoints AS e ON e.id = t.endpoint
            LEFT JOIN parked AS p ON p.endpoint = t.endpoint AND p.seq = t.seq AND p.kind IN (1, 3)
            WHERE t.application = $1 AND t.seq = $2 {start.Where("t.endpoint", "$4")}
            ORDER BY t.endpoint {start.Direction}, t.id DESC LIMIT $3
            """).With(application).With(seq).With(page.Limit + 1);
        return start.Cut(await start.Bind(command).ReadAllAsync(
            static r => new AttemptedEndpoint(EndpointJson.Read(r.GetString(0)), (AttemptStatus)r.GetInt16(1), r.TimeOrNull(2)),
            cancellationToken));
    });

    public Task<AttemptCounts> CountAttemptsAsync(Guid endpoint, Guid from, Guid to, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // Both by indexes alone: all of them, and the failed ones, which have an index of their own.
        await using var command = store.Reads.CreateCommand("""
            SELECT (SELECT count(*) FROM attempts WHERE endpoint = $1 AND id >= $2 AND id < $3),
                   (SELECT count(*) FROM attempts WHERE endpoint = $1 AND id >= $2 AND id < $3 AND status <> 0)
            """).With(endpoint).With(from).With(to);
        var (all, failed) = (await command.ReadAllAsync(static r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken))[0];
        return new AttemptCounts(all - failed, failed);
    });

    public Task<FailedPage> ListFailedAsync(Guid endpoint, Guid after, Guid before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // A message counts at its last failure in the range, so that pages do not name it twice.
        await using var command = store.Reads.CreateCommand("""
            SELECT t.id, t.seq,
                   NOT EXISTS (SELECT FROM attempts AS x WHERE x.endpoint = $1 AND x.seq = t.seq AND (x.status = 0 OR (x.id > t.id AND x.id < $3)))
            FROM (SELECT id, seq FROM attempts WHERE endpoint = $1 AND status <> 0 AND id > $2 AND id < $3 ORDER BY id LIMIT $4) AS t
            ORDER BY t.id
            """).With(endpoint).With(after).With(before).With(limit);
        var looked = await command.ReadAllAsync(static r => (Id: r.GetGuid(0), Seq: r.GetInt64(1), Counts: r.GetBoolean(2)), cancellationToken);
        return new FailedPage([.. looked.Where(static l => l.Counts).Select(static l => l.Seq)], looked.Count == 0 ? null : looked[^1].Id);
    });

    public Task<UntriedPage> ListUntriedAsync(
        Guid application, Guid endpoint, int ordinal, long after, DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var from = Math.Max(after + 1, await FirstSeqAsync(application, since, cancellationToken));
        var end = await FirstSeqAsync(application, until, cancellationToken);
        var upTo = Math.Min(end, from + limit);
        await using var command = store.Reads.CreateCommand("""
            SELECT m.seq, m.event_type, m.channels FROM messages AS m
            WHERE m.application = $1 AND m.seq >= $4 AND m.seq < $5 AND m.payload IS NOT NULL
              AND NOT EXISTS (SELECT FROM attempts AS t WHERE t.endpoint = $2 AND t.seq = m.seq)
              AND NOT EXISTS (SELECT FROM parked AS p WHERE p.endpoint = $2 AND p.seq = m.seq)
              AND NOT ($3 = ANY(m.recipients) AND m.seq > (SELECT position FROM cursors WHERE endpoint = $2))
            ORDER BY m.seq
            """).With(application).With(endpoint).With(ordinal).With(from).With(upTo);
        var entries = await command.ReadAllAsync(static r => new UntriedEntry(r.GetInt64(0), r.GetString(1), PostgresMessageLog.ListOrNull(r, 2)), cancellationToken);
        return new UntriedPage(entries, Math.Max(after, upTo - 1), upTo >= end);
    });
}
