using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Messages before the log (the schedule) and after their time (payloads removed).</summary>
internal sealed partial class SqliteMessageLog
{
    public Task<bool> ScheduleAsync(AppendRequest request, DateTimeOffset tokensSince, CancellationToken cancellationToken) => Refused(request.Messages) is { } refused
        ? Task.FromException<bool>(refused)
        : store.WriteAsync(session => Schedule(session, request with { ChecksSchedule = true }, tokensSince), cancellationToken);

    public Task<IReadOnlyList<StoredMessage>> ReadDueAsync(Guid application, DateTimeOffset now, int limit, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<StoredMessage>>(
        session => session.Query(
            $"SELECT {ScheduledColumns}, s.payload FROM scheduled AS s WHERE s.application = ?1 AND s.due <= ?2 ORDER BY s.due, s.id LIMIT ?3",
            ReadMessage,
            application,
            now,
            limit),
        cancellationToken);

    public Task<IReadOnlyList<Guid>> FindScheduledAsync(Guid application, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<Guid>>(
        session => [.. ids.Where(id => Exists(session, "SELECT 1 FROM scheduled WHERE application = ?1 AND id = ?2", application, id))],
        cancellationToken);

    public Task<bool> ExpungePayloadAsync(Guid application, string idOrEventId, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
            object key = isId ? id : idOrEventId;
            var match = isId ? "id = ?2" : "event_id = ?2";
            var logged = session.Execute($"UPDATE messages SET payload = NULL WHERE application = ?1 AND {match}", application, key);
            var waiting = session.Execute($"UPDATE scheduled SET payload = NULL WHERE application = ?1 AND {match}", application, key);
            return logged + waiting > 0;
        },
        cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            "UPDATE messages SET payload = NULL WHERE rowid IN (SELECT rowid FROM messages WHERE expires_at <= ?1 AND payload IS NOT NULL ORDER BY expires_at LIMIT ?2)",
            now,
            limit),
        cancellationToken);

    private static bool Schedule(SqliteSession session, AppendRequest request, DateTimeOffset tokensSince)
    {
        if (ReadHead(session, request.Application) is not { Deleted: false } head || head.Tail != request.ExpectedTail || head.RoutingVersion != request.RoutingVersion
            || request.Messages.Any(message => IsRepeat(session, request, message, tokensSince)))
        {
            return false;
        }

        session.Execute("UPDATE heads SET routing_version = routing_version + 1 WHERE application = ?1", request.Application);
        foreach (var m in request.Messages)
        {
            session.Execute(
                """
                INSERT INTO scheduled (application, id, due, token, published_at, event_type, event_id, channels, ordering_key, content_type, tags, expires_at, payload)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                """,
                request.Application,
                m.Id,
                m.DeliverAt,
                m.Token,
                m.AcceptedAt,
                m.EventType,
                m.EventId,
                List(m.Channels),
                m.OrderingKey,
                m.ContentType,
                List(m.Tags),
                m.ExpiresAt,
                m.Payload);
        }

        return true;
    }
}
