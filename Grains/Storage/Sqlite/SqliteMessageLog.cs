using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>The log in SQLite.</summary>
internal sealed class SqliteMessageLog(SqliteStore store) : IMessageLog
{
    private const int PageSpan = 4096;

    private const string MessageColumns = "seq, id, token, accepted_at, event_type, event_id, channels, ordering_key, content_type, payload IS NULL";
    private const string LogColumns = "seq, id, event_type, accepted_at, ordering_key, payload, content_type";

    public Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<AppendRequest> batch, DateTimeOffset tokensSince, CancellationToken cancellationToken)
    {
        foreach (var message in batch.SelectMany(static r => r.Messages))
        {
            try
            {
                StorableText.Refuse(message.EventType, message.EventId, message.OrderingKey, message.ContentType);
            }
            catch (Exception error)
            {
                return Task.FromException<IReadOnlyList<bool>>(SqliteErrors.Translate(error));
            }
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
                var found = new Dictionary<long, StoredMessage>();
                foreach (var token in tokens)
                {
                    foreach (var message in session.Query($"SELECT {MessageColumns}, NULL FROM messages WHERE application = ?1 AND token = ?2 AND accepted_at >= ?3", ReadMessage, application, token, tokensSince))
                    {
                        found[message.Seq] = message;
                    }
                }

                foreach (var eventId in eventIds)
                {
                    foreach (var message in session.Query($"SELECT {MessageColumns}, NULL FROM messages WHERE application = ?1 AND event_id = ?2", ReadMessage, application, eventId))
                    {
                        found[message.Seq] = message;
                    }
                }

                return [.. found.Values];
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
        r.IsDBNull(6) ? null : JsonSerializer.Deserialize<string[]>(r.GetString(6)),
        r.TextOrNull(7),
        r.TextOrNull(8),
        r.BytesOrNull(10),
        r.GetBoolean(9));

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

        foreach (var message in request.Messages)
        {
            if ((message.CheckToken && Exists(session, "SELECT 1 FROM messages WHERE application = ?1 AND token = ?2 AND accepted_at >= ?3", request.Application, message.Token, tokensSince))
                || (message.EventId is not null && Exists(session, "SELECT 1 FROM messages WHERE application = ?1 AND event_id = ?2", request.Application, message.EventId)))
            {
                return false;
            }
        }

        session.Execute("UPDATE heads SET tail = tail + ?2, owner = ?3 WHERE application = ?1", request.Application, request.Messages.Count, request.Owner);
        var seq = request.ExpectedTail;
        foreach (var m in request.Messages)
        {
            session.Execute(
                """
                INSERT INTO messages (application, seq, id, token, accepted_at, event_type, event_id, channels, ordering_key, content_type, recipients, payload)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                """,
                request.Application,
                ++seq,
                m.Id,
                m.Token,
                m.AcceptedAt,
                m.EventType,
                m.EventId,
                m.Channels is null ? null : JsonSerializer.Serialize(m.Channels),
                m.OrderingKey,
                m.ContentType,
                Recipients.Write(m.Recipients),
                m.Payload);
        }

        return true;
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
        return new RoutingSnapshot(row, head, endpoints);
    }
}
