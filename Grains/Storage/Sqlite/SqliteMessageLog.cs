using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>The log in SQLite.</summary>
internal sealed partial class SqliteMessageLog(SqliteStore store) : IMessageLog
{
    private const int PageSpan = 4096;

    /// <summary>What <see cref="ReadMessage"/> reads before the payload, of the log under the name <c>m</c>.</summary>
    internal const string MessageColumns =
        "m.seq, m.id, m.token, m.accepted_at, m.event_type, m.event_id, m.channels, m.ordering_key, m.content_type, m.payload IS NULL,"
        + " m.tags, m.deliver_at, m.published_at, m.expires_at";

    /// <summary>The same of the schedule.</summary>
    internal const string ScheduledColumns =
        "0, s.id, s.token, s.published_at, s.event_type, s.event_id, s.channels, s.ordering_key, s.content_type, s.payload IS NULL,"
        + " s.tags, s.due, s.published_at, s.expires_at";

    private const string LogColumns = "seq, id, event_type, accepted_at, ordering_key, payload, content_type";

    public Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<AppendRequest> batch, DateTimeOffset tokensSince, CancellationToken cancellationToken)
    {
        if (Refused(batch.SelectMany(static r => r.Messages)) is { } refused)
        {
            return Task.FromException<IReadOnlyList<bool>>(refused);
        }

        return store.WriteAsync<IReadOnlyList<bool>>(session => [.. batch.Select(request => Append(session, request, tokensSince))], cancellationToken);
    }

    public Task<HeadRow?> ReadHeadAsync(Guid application, CancellationToken cancellationToken) =>
        store.ReadAsync(session => ReadHead(session, application), cancellationToken);

    public Task<RoutingSnapshot?> TakeHeadAsync(Guid application, string owner, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            session.Execute("UPDATE heads SET owner = ?2 WHERE application = ?1", application, owner);
            return ReadRouting(session, application);
        },
        cancellationToken);

    public Task<RoutingSnapshot?> ReadRoutingAsync(Guid application, CancellationToken cancellationToken) =>
        // In the writer's turn: several statements that must see one state.
        store.WriteAsync(session => ReadRouting(session, application), cancellationToken);

    public Task ReleaseHeadAsync(Guid application, string owner, string? successor, CancellationToken cancellationToken) =>
        store.WriteAsync(session => session.Execute("UPDATE heads SET owner = ?3 WHERE application = ?1 AND owner = ?2", application, owner, successor), cancellationToken);

    public Task<IReadOnlyList<StoredMessage>> FindRepeatsAsync(Guid application, IReadOnlyList<Guid> tokens, IReadOnlyList<string> eventIds, DateTimeOffset tokensSince, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<StoredMessage>>(
            session =>
            {
                var found = new Dictionary<Guid, StoredMessage>();
                foreach (var token in tokens)
                {
                    Add(session.Query($"SELECT {MessageColumns}, NULL FROM messages AS m WHERE application = ?1 AND token = ?2 AND accepted_at >= ?3", ReadMessage, application, token, tokensSince));
                    Add(session.Query($"SELECT {ScheduledColumns}, s.payload FROM scheduled AS s WHERE application = ?1 AND token = ?2", ReadMessage, application, token));
                }

                foreach (var eventId in eventIds)
                {
                    Add(session.Query($"SELECT {MessageColumns}, NULL FROM messages AS m WHERE application = ?1 AND event_id = ?2", ReadMessage, application, eventId));
                    Add(session.Query($"SELECT {ScheduledColumns}, s.payload FROM scheduled AS s WHERE application = ?1 AND event_id = ?2", ReadMessage, application, eventId));
                }

                return [.. found.Values];

                void Add(List<StoredMessage> messages) => messages.ForEach(message => found[message.Id] = message);
            },
            cancellationToken);

    public Task<IReadOnlyList<(long Seq, Guid Id)>> ReadIdsAsync(Guid application, long from, long to, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<(long, Guid)>>(
            session => session.Query("SELECT seq, id FROM messages WHERE application = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq", static r => (r.GetInt64(0), r.Id(1)), application, from, to),
            cancellationToken);

    public Task<LogPage> ReadPageAsync(Guid application, int ordinal, long after, long upTo, int maxMessages, int maxBytes, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var end = Math.Min(upTo, after + PageSpan);
            var messages = new List<LogMessage>();
            long bytes = 0;
            using var reader = session.Read(
                $"SELECT {LogColumns}, length(payload) FROM messages WHERE application = ?1 AND seq > ?2 AND seq <= ?3 AND names(recipients, ?4) ORDER BY seq",
                application,
                after,
                end,
                ordinal);
            while (reader.Read())
            {
                bytes += reader.IsDBNull(7) ? 0 : reader.GetInt64(7);
                if (messages.Count == maxMessages || (messages.Count > 0 && bytes > maxBytes))
                {
                    return new LogPage(messages, messages[^1].Seq);
                }

                messages.Add(ReadLogMessage(reader));
            }

            return new LogPage(messages, end);
        },
        cancellationToken);

    public Task<LogMessage?> ReadMessageAsync(Guid application, long seq, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First($"SELECT {LogColumns} FROM messages WHERE application = ?1 AND seq = ?2", ReadLogMessage, application, seq), cancellationToken);

    public Task<IReadOnlyList<RecipientsAt>> ReadRecipientsAsync(Guid application, long after, long upTo, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<RecipientsAt>>(
            session => session.Query(
                "SELECT seq, recipients FROM messages WHERE application = ?1 AND seq > ?2 AND seq <= ?3 AND length(recipients) > 0 ORDER BY seq LIMIT ?4",
                static r => new RecipientsAt(r.GetInt64(0), Recipients.Read(r.GetFieldValue<byte[]>(1))),
                application,
                after,
                upTo,
                limit),
            cancellationToken);

    public Task<int> ClampCursorsAsync(Guid application, long tail, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("UPDATE cursors SET position = ?2, epoch = epoch + 1 WHERE application = ?1 AND position > ?2", application, tail),
        cancellationToken);

    internal static StoredMessage ReadMessage(SqliteDataReader r) => new(
        r.GetInt64(0),
        r.Id(1),
        r.Id(2),
        r.Time(3),
        r.GetString(4),
        r.TextOrNull(5),
        ListOrNull(r, 6),
        r.TextOrNull(7),
        r.TextOrNull(8),
        r.BytesOrNull(14),
        r.GetBoolean(9),
        ListOrNull(r, 10),
        r.TimeOrNull(11),
        r.TimeOrNull(12),
        r.TimeOrNull(13));

    private static string? List(IReadOnlyList<string>? items) => items is null ? null : JsonSerializer.Serialize(items);

    internal static string[]? ListOrNull(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : JsonSerializer.Deserialize<string[]>(r.GetString(column));

    private static LogMessage ReadLogMessage(SqliteDataReader r) =>
        new(r.GetInt64(0), r.Id(1), r.GetString(2), r.Time(3), r.TextOrNull(4), r.BytesOrNull(5), r.TextOrNull(6));

    private static HeadRow? ReadHead(SqliteSession session, Guid application) => session.First(
        "SELECT tail, routing_version, deleted, owner FROM heads WHERE application = ?1",
        r => new HeadRow(application, r.GetInt64(0), r.GetInt64(1), r.GetBoolean(2), r.TextOrNull(3)),
        application);

    private static bool Append(SqliteSession session, AppendRequest request, DateTimeOffset tokensSince)
    {
        if (ReadHead(session, request.Application) is not { Deleted: false } head || head.Tail != request.ExpectedTail || head.RoutingVersion != request.RoutingVersion)
        {
            return false;
        }

        if (request.Messages.Any(message => IsRepeat(session, request, message, tokensSince)))
        {
            return false;
        }

        session.Execute("UPDATE heads SET tail = tail + ?2, owner = ?3 WHERE application = ?1", request.Application, request.Messages.Count, request.Owner);
        var seq = request.ExpectedTail;
        foreach (var m in request.Messages)
        {
            session.Execute(
                """
                INSERT INTO messages (application, seq, id, token, accepted_at, event_type, event_id, channels, ordering_key, content_type, recipients, payload,
                                      tags, deliver_at, published_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
                """,
                request.Application,
                ++seq,
                m.Id,
                m.Token,
                m.AcceptedAt,
                m.EventType,
                m.EventId,
                List(m.Channels),
                m.OrderingKey,
                m.ContentType,
                Recipients.Write(m.Recipients),
                m.Payload,
                List(m.Tags),
                m.DeliverAt,
                m.PublishedAt,
                m.ExpiresAt);
            if (m.FromSchedule)
            {
                session.Execute("DELETE FROM scheduled WHERE application = ?1 AND id = ?2", request.Application, m.Id);
            }
        }

        return true;
    }

    private static Exception? Refused(IEnumerable<NewMessage> messages)
    {
        try
        {
            foreach (var message in messages)
            {
                StorableText.Refuse(message.EventType, message.EventId, message.OrderingKey, message.ContentType);
            }

            return null;
        }
        catch (StoreContentException error)
        {
            return error;
        }
    }

    private static bool IsRepeat(SqliteSession session, AppendRequest request, NewMessage message, DateTimeOffset tokensSince)
    {
        var application = request.Application;
        if ((message.CheckToken && Exists(session, "SELECT 1 FROM messages WHERE application = ?1 AND token = ?2 AND accepted_at >= ?3", application, message.Token, tokensSince))
            || (message.EventId is not null && Exists(session, "SELECT 1 FROM messages WHERE application = ?1 AND event_id = ?2", application, message.EventId)))
        {
            return true;
        }

        return request.ChecksSchedule
            && ((message.CheckToken && Exists(session, "SELECT 1 FROM scheduled WHERE application = ?1 AND token = ?2 AND id <> ?3", application, message.Token, message.Id))
                || (message.EventId is not null && Exists(session, "SELECT 1 FROM scheduled WHERE application = ?1 AND event_id = ?2 AND id <> ?3", application, message.EventId, message.Id))
                || (message.FromSchedule && !Exists(session, "SELECT 1 FROM scheduled WHERE application = ?1 AND id = ?2", application, message.Id)));
    }

    private static bool Exists(SqliteSession session, string sql, params ReadOnlySpan<object?> values) => session.First(sql, static _ => true, values);

    private static RoutingSnapshot? ReadRouting(SqliteSession session, Guid application)
    {
        if (ReadHead(session, application) is not { } head)
        {
            return null;
        }

        var row = session.First($"SELECT {SqliteConfigurationStore.ApplicationColumns} FROM applications WHERE id = ?1", SqliteConfigurationStore.ReadApplication, application)!;
        var endpoints = session.Query(
            "SELECT e.details, c.position, c.next_attempt_at FROM endpoints AS e JOIN cursors AS c ON c.endpoint = e.id WHERE e.application = ?1 AND e.deleted = 0",
            static r => new RoutedEndpoint(EndpointJson.Read(r.GetString(0)), r.GetInt64(1), r.TimeOrNull(2)),
            application);
        var scheduledAt = session.First("SELECT min(due) FROM scheduled WHERE application = ?1", static r => r.TimeOrNull(0), application);
        return new RoutingSnapshot(row, head, endpoints, scheduledAt);
    }
}
