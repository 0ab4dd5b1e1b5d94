using System.Text;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>What came of messages: by endpoint, by message, counted.</summary>
internal sealed partial class PostgresDeliveryReads
{
    public Task<Page<AttemptedMessage>> ListAttemptedMessagesAsync(
        Guid application, Guid endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var walk = Walk.Of(page, filter is { After: not null, Before: null });
        if (await BoundsAsync(application, filter, page, walk, cancellationToken) is not var (from, before))
        {
            return new Page<AttemptedMessage>([], false);
        }

        var found = new List<AttemptedMessage>();
        while (found.Count <= page.Limit)
        {
            var rows = await AttemptedAsync(application, endpoint, filter, status, walk, from, before, page.Limit + 1, cancellationToken);
            var messages = await FillAsync(application, [.. rows.Select(static r => r.Message)], filter.WithContent, cancellationToken);
            var delivered = await DeliveredAsync(endpoint, messages, cancellationToken);
            // What was given up or is on its way may have been delivered by a resend: it is neither then, and more is read.
            found.AddRange(messages
                .Zip(rows, (m, r) => AttemptedMessages.Judge(m, delivered.Contains(m.Seq), r.Planned, r.Due))
                .Where(m => status is null || m.Status == status));
            if (rows.Count <= page.Limit)
            {
                break;
            }

            (from, before) = walk.RunsDown ? (from, rows[^1].Message.Seq) : (rows[^1].Message.Seq + 1, before);
        }

        return walk.Cut(found.Count > page.Limit ? found[..(page.Limit + 1)] : found, page.Limit);
    });

    /// <summary>Messages of the endpoint that may have the status: whether they were delivered is not known yet, unless only that is asked for.</summary>
    private async Task<List<(StoredMessage Message, bool Planned, DateTimeOffset? Due)>> AttemptedAsync(
        Guid application, Guid endpoint, MessageFilter filter, AttemptedStatus? status, Walk walk, long from, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = store.Reads.CreateCommand().With(application).With(endpoint).With(from).With(before).With(limit);
        var where = new StringBuilder();
        Narrow(command, where, filter.Channel, filter.Tag, filter.EventTypes);
        var join = where.Length == 0 ? "" : " JOIN messages AS m ON m.application = $1 AND m.seq = t.seq";
        // What is still planned is parked; what was given up has an index of its own.
        var source = status == AttemptedStatus.Sending ? "parked AS t" : "attempts AS t";
        where.Append(status switch
        {
            AttemptedStatus.Success => " AND t.status = 0",
            AttemptedStatus.Sending => " AND t.kind IN (1, 3) AND t.attempts > 0",
            AttemptedStatus.Fail => " AND t.status <> 0 AND t.next_attempt_at IS NULL"
                + " AND NOT EXISTS (SELECT FROM parked AS p WHERE p.endpoint = $2 AND p.seq = t.seq AND p.kind IN (1, 3))",
            _ => "",
        });
        command.CommandText = $"""
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(filter.WithContent)}, p.seq IS NOT NULL, p.due
            FROM (SELECT DISTINCT t.seq FROM {source}{join}
                  WHERE t.endpoint = $2 AND t.seq >= $3 AND t.seq < $4{where}
                  ORDER BY t.seq {Direction(walk)} LIMIT $5) AS page
            JOIN messages AS m ON m.application = $1 AND m.seq = page.seq
            LEFT JOIN parked AS p ON p.endpoint = $2 AND p.seq = page.seq AND p.kind IN (1, 3)
            ORDER BY page.seq {Direction(walk)}
            """;
        return await command.ReadAllAsync(static r => (PostgresMessageLog.ReadMessage(r), r.GetBoolean(15), r.TimeOrNull(16)), cancellationToken);
    }

    /// <summary>Places of those messages that were delivered; days before the first of them are not looked into.</summary>
    private async Task<IReadOnlySet<long>> DeliveredAsync(Guid endpoint, IReadOnlyList<StoredMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
        {
            return new HashSet<long>();
        }

        await using var command = store.Reads.CreateCommand("SELECT DISTINCT seq FROM attempts WHERE endpoint = $1 AND seq = ANY($2) AND status = 0 AND id >= $3")
            .With(endpoint).With(messages.Select(static m => m.Seq).ToArray()).With(PostgresPayloads.LowestAttempt(messages.Min(static m => m.AcceptedAt)));
        return new HashSet<long>(await command.ReadAllAsync(static r => r.GetInt64(0), cancellationToken));
    }

    public Task<Page<AttemptedEndpoint>> ListAttemptedEndpointsAsync(Guid application, string idOrEventId, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.Endpoint, page, out var start) || await PlaceOfAsync(application, idOrEventId, cancellationToken) is not { } place)
        {
            return new Page<AttemptedEndpoint>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT DISTINCT ON (t.endpoint) e.details, t.status, p.due
            FROM attempts AS t
            JOIN endpoints AS e ON e.id = t.endpoint
            LEFT JOIN parked AS p ON p.endpoint = t.endpoint AND p.seq = t.seq AND p.kind IN (1, 3)
            WHERE t.application = $1 AND t.seq = $2 AND t.id >= $4 {start.Where("t.endpoint", "$5")}
            ORDER BY t.endpoint {start.Direction}, t.id DESC LIMIT $3
            """).With(application).With(place.Seq).With(page.Limit + 1).With(PostgresPayloads.LowestAttempt(place.AcceptedAt));
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

    public Task<IReadOnlyList<AttemptStretch>> CountStretchesAsync(Guid endpoint, IReadOnlyList<Guid> bounds, int durations, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<AttemptStretch>>(async () =>
        {
            await using var command = store.Reads.CreateCommand("""
                SELECT (SELECT count(*) FROM attempts AS a WHERE a.endpoint = $1 AND a.id >= b.low AND a.id < b.high),
                       (SELECT count(*) FROM attempts AS a WHERE a.endpoint = $1 AND a.id >= b.low AND a.id < b.high AND a.status <> 0),
                       ARRAY(SELECT a.duration_ms FROM attempts AS a WHERE a.endpoint = $1 AND a.id >= b.low AND a.id < b.high ORDER BY a.id DESC LIMIT $4)
                FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS b (low, high, place)
                ORDER BY b.place
                """).With(endpoint).With(bounds.SkipLast(1).ToArray()).With(bounds.Skip(1).ToArray()).With(durations);
            return await command.ReadAllAsync(
                static r => new AttemptStretch(r.GetInt64(0) - r.GetInt64(1), r.GetInt64(1), r.GetFieldValue<int[]>(2)), cancellationToken);
        });
}
