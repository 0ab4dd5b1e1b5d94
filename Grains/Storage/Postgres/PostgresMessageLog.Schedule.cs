using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Messages before the log: the schedule.</summary>
internal sealed partial class PostgresMessageLog
{
    // A scheduled message is inserted under the same fence; that it moves the routing version makes an append that does
    // not know of it be refused.
    private const string Schedule = """
        WITH m AS (
            SELECT * FROM unnest($5::uuid[], $6::uuid[], $7::bool[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::uuid[],
                                 $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[], $18::bytea[])
                AS t (id, token, check_token, due, published_at, event_type, event_id, event_key, channels, ordering_key, content_type, tags, expires_at, payload)
        ),
        repeats AS (
            SELECT FROM m
            WHERE (m.check_token AND (
                    EXISTS (SELECT FROM (SELECT application, accepted_at FROM messages WHERE token = m.token OFFSET 0) AS x WHERE x.application = $1 AND x.accepted_at >= $4)
                    OR EXISTS (SELECT FROM (SELECT application FROM scheduled WHERE token = m.token OFFSET 0) AS x WHERE x.application = $1)))
               OR (m.event_key IS NOT NULL AND (
                    EXISTS (SELECT FROM (SELECT application, event_id FROM messages WHERE event_key = m.event_key OFFSET 0) AS x WHERE x.application = $1 AND x.event_id = m.event_id)
                    OR EXISTS (SELECT FROM (SELECT application, event_id FROM scheduled WHERE event_key = m.event_key OFFSET 0) AS x WHERE x.application = $1 AND x.event_id = m.event_id)))
        ),
        moved AS (
            UPDATE heads SET routing_version = routing_version + 1
            WHERE application = $1 AND tail = $2 AND routing_version = $3 AND NOT deleted AND NOT EXISTS (SELECT FROM repeats)
            RETURNING application
        )
        INSERT INTO scheduled (application, id, due, token, published_at, event_type, event_id, event_key, channels, ordering_key, content_type, tags, expires_at, payload)
        SELECT moved.application, m.id, m.due, m.token, m.published_at, m.event_type, m.event_id, m.event_key, m.channels, m.ordering_key, m.content_type, m.tags, m.expires_at, m.payload
        FROM m CROSS JOIN moved
        """;

    public Task<bool> ScheduleAsync(AppendRequest request, DateTimeOffset tokensSince, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var all = request.Messages.ToArray();
        await using var command = store.Writes.CreateCommand(Schedule)
            .With(request.Application).With(request.ExpectedTail).With(request.RoutingVersion).With(tokensSince.UtcDateTime)
            .With(Array.ConvertAll(all, static m => m.Id))
            .With(Array.ConvertAll(all, static m => m.Token))
            .With(Array.ConvertAll(all, static m => m.CheckToken))
            .With(Array.ConvertAll(all, static m => m.DeliverAt!.Value.UtcDateTime))
            .With(Array.ConvertAll(all, static m => m.AcceptedAt.UtcDateTime))
            .With(Array.ConvertAll(all, static m => m.EventType))
            .With(Array.ConvertAll(all, static m => m.EventId))
            .With(Array.ConvertAll(all, m => m.EventId is null ? (Guid?)null : EventKey.Of(request.Application, m.EventId)))
            .With(Array.ConvertAll(all, static m => List(m.Channels)))
            .With(Array.ConvertAll(all, static m => m.OrderingKey))
            .With(Array.ConvertAll(all, static m => m.ContentType))
            .With(Array.ConvertAll(all, static m => List(m.Tags)))
            .With(Array.ConvertAll(all, static m => m.ExpiresAt?.UtcDateTime))
            .With(Array.ConvertAll(all, static m => m.Payload));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    });

    public Task<IReadOnlyList<StoredMessage>> ReadDueAsync(Guid application, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<StoredMessage>>(async () =>
        {
            await using var command = store.Writes.CreateCommand($"""
                SELECT {ScheduledColumns}, s.payload FROM scheduled AS s WHERE s.application = $1 AND s.due <= $2 ORDER BY s.due, s.id LIMIT $3
                """).With(application).With(now.UtcDateTime).With(limit);
            return await command.ReadAllAsync(ReadMessage, cancellationToken);
        });

    public Task<IReadOnlyList<Guid>> FindScheduledAsync(Guid application, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<Guid>>(async () =>
        {
            await using var command = store.Writes.CreateCommand("SELECT id FROM scheduled WHERE application = $1 AND id = ANY($2)").With(application).With(ids.ToArray());
            return await command.ReadAllAsync(static r => r.GetGuid(0), cancellationToken);
        });
}
