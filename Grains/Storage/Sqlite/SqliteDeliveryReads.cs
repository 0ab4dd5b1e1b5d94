using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Lists of messages and attempts in SQLite; each walks an index from where its page starts.</summary>
internal sealed partial class SqliteDeliveryReads(SqliteStore store) : IDeliveryReads
{
    private const int SuccessClass = 200;
    private const string AttemptColumns = "t.id, t.message, t.endpoint, t.url, t.status, t.status_code, t.duration_ms, t.response, t.trigger_type, t.started_at, t.next_attempt_at";

    public Task<StoredMessage?> FindMessageAsync(Guid application, string idOrEventId, bool withContent, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            if (SeqOf(session, application, idOrEventId) is { } seq)
            {
                return session.First($"SELECT {SqliteMessageLog.MessageColumns}, {Payload(withContent)} FROM messages AS m WHERE m.application = ?1 AND m.seq = ?2", SqliteMessageLog.ReadMessage, application, seq);
            }

            var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
            return session.First(
                $"SELECT {SqliteMessageLog.ScheduledColumns}, {(withContent ? "s.payload" : "NULL")} FROM scheduled AS s WHERE s.application = ?1 AND {(isId ? "s.id" : "s.event_id")} = ?2",
                SqliteMessageLog.ReadMessage,
                application,
                isId ? id : idOrEventId);
        },
        cancellationToken);

    public Task<Page<StoredMessage>> ListMessagesAsync(Guid application, MessageFilter filter, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var walk = Walk.Of(page, filter is { After: not null, Before: null });
            if (Bounds(session, application, filter, page, walk) is not var (from, before))
            {
                return new Page<StoredMessage>([], false);
            }

            var conditions = new Conditions(application, from, before);
            Narrow(conditions, filter.Channel, filter.Tag, filter.EventTypes);
            var sql = $"SELECT {SqliteMessageLog.MessageColumns}, {Payload(filter.WithContent)} FROM messages AS m WHERE m.application = ?1 AND m.seq >= ?2 AND m.seq < ?3{conditions.Text}"
                + $" ORDER BY m.seq {Direction(walk)} LIMIT {conditions.Bind(page.Limit + 1)}";
            return walk.Cut(session.Query(sql, SqliteMessageLog.ReadMessage, conditions.Values), page.Limit);
        },
        cancellationToken);

    public Task<AttemptDetails?> FindAttemptAsync(Guid application, string idOrEventId, Guid attempt, CancellationToken cancellationToken) => store.ReadAsync(
        session => SeqOf(session, application, idOrEventId) is { } seq
            ? session.First($"SELECT {AttemptColumns} FROM attempts AS t WHERE t.application = ?1 AND t.seq = ?2 AND t.id = ?3", static r => ReadAttempt(r, true), application, seq, attempt)
            : null,
        cancellationToken);

    public Task<Page<AttemptDetails>> ListAttemptsByEndpointAsync(Guid application, Guid endpoint, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session => ListAttempts(session, "t.application = ?1 AND t.endpoint = ?2", new Conditions(application, endpoint), filter with { EndpointId = null }, page),
        cancellationToken);

    public Task<Page<AttemptDetails>> ListAttemptsByMessageAsync(Guid application, string idOrEventId, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session => SeqOf(session, application, idOrEventId) is { } seq
            ? ListAttempts(session, "t.application = ?1 AND t.seq = ?2", new Conditions(application, seq), filter, page)
            : new Page<AttemptDetails>([], false),
        cancellationToken);

    private static string Payload(bool withContent) => withContent ? "m.payload" : "NULL";

    private static string Direction(Walk walk) => walk.RunsDown ? "DESC" : "ASC";

    private static void Narrow(Conditions conditions, string? channel, string? tag, IReadOnlyList<string>? eventTypes)
    {
        if (channel is not null)
        {
            // Channels and tags are JSON lists of names that hold no quote.
            conditions.And($"instr(m.channels, {conditions.Bind("\"" + channel + "\"")}) > 0");
        }

        if (tag is not null)
        {
            conditions.And($"instr(m.tags, {conditions.Bind("\"" + tag + "\"")}) > 0");
        }

        if (eventTypes is not null)
        {
            conditions.And($"m.event_type IN (SELECT value FROM json_each({conditions.Bind(JsonSerializer.Serialize(eventTypes))}))");
        }
    }

    private static Page<AttemptDetails> ListAttempts(SqliteSession session, string scope, Conditions conditions, AttemptFilter filter, PageRequest page)
    {
        var walk = Walk.Of(page, filter is { After: not null, Before: null });
        if (page.Iterator is not null)
        {
            if (!EntityId.TryParse(EntityId.Attempt, page.Iterator, out var id))
            {
                return new Page<AttemptDetails>([], false);
            }

            conditions.And($"t.id {(walk.RunsDown ? "<" : ">")} {conditions.Bind(id)}");
        }

        if (filter.After is { } after)
        {
            conditions.And($"t.id >= {conditions.Bind(TimeRange.LowestId(after))}");
        }

        if (filter.Before is { } before)
        {
            conditions.And($"t.id < {conditions.Bind(TimeRange.LowestId(before))}");
        }

        if (filter.Status is { } status)
        {
            conditions.And($"t.status = {conditions.Bind(status)}");
            if (status != (int)AttemptStatus.Success)
            {
                // Said so that the planner sees that the index of failures will do.
                conditions.And("t.status <> 0");
            }
        }

        if (filter.StatusCodeClass is { } hundred)
        {
            conditions.And($"t.status_code >= {conditions.Bind(hundred)} AND t.status_code < {conditions.Bind(hundred + 100)}");
            if (hundred != SuccessClass)
            {
                conditions.And("t.status <> 0");
            }
        }

        if (filter.EndpointId is not null)
        {
            if (!EntityId.TryParse(EntityId.Endpoint, filter.EndpointId, out var endpoint))
            {
                return new Page<AttemptDetails>([], false);
            }

            conditions.And($"t.endpoint = {conditions.Bind(endpoint)}");
        }

        Narrow(conditions, filter.Channel, filter.Tag, filter.EventTypes);
        var join = filter.Channel is null && filter.Tag is null && filter.EventTypes is null ? "" : " JOIN messages AS m ON m.application = t.application AND m.seq = t.seq";
        var sql = $"SELECT {AttemptColumns} FROM attempts AS t{join} WHERE {scope}{conditions.Text}"
            + $" ORDER BY t.id {Direction(walk)} LIMIT {conditions.Bind(page.Limit + 1)}";
        return walk.Cut(session.Query(sql, r => ReadAttempt(r, filter.WithContent), conditions.Values), page.Limit);
    }

    private static AttemptDetails ReadAttempt(SqliteDataReader r, bool withContent) => new()
    {
        Id = EntityId.Format(EntityId.Attempt, r.Id(0)),
        MessageId = EntityId.Format(EntityId.Message, r.Id(1)),
        EndpointId = EntityId.Format(EntityId.Endpoint, r.Id(2)),
        Url = r.GetString(3),
        Status = (AttemptStatus)r.GetInt32(4),
        ResponseStatusCode = r.GetInt32(5),
        ResponseDurationMs = r.GetInt64(6),
        Response = withContent ? AttemptText.Of(r.GetFieldValue<byte[]>(7)) : "{}",
        Trigger = (AttemptTrigger)r.GetInt32(8),
        StartedAt = r.Time(9),
        NextAttemptAt = r.TimeOrNull(10),
    };

    /// <summary>Where a page of messages lies in the log, <c>[From, Before)</c>; null when the iterator is none.</summary>
    private static (long From, long Before)? Bounds(SqliteSession session, Guid application, MessageFilter filter, PageRequest page, Walk walk)
    {
        var from = filter.After is { } after ? FirstSeq(session, application, after) : 0;
        var before = filter.Before is { } time ? FirstSeq(session, application, time) : long.MaxValue;
        if (page.Iterator is null)
        {
            return (from, before);
        }

        if (!EntityId.TryParse(EntityId.Message, page.Iterator, out var id))
        {
            return null;
        }

        var seq = SeqOf(session, application, page.Iterator) ?? FirstSeq(session, application, TimeOrderedId.TimeOf(id));
        return walk.RunsDown ? (from, Math.Min(before, seq)) : (Math.Max(from, seq + 1), before);
    }

    private static long? SeqOf(SqliteSession session, Guid application, string idOrEventId) => EntityId.TryParse(EntityId.Message, idOrEventId, out var id)
        ? session.First("SELECT seq FROM messages WHERE application = ?1 AND id = ?2", static r => (long?)r.GetInt64(0), application, id)
        : session.First("SELECT seq FROM messages WHERE application = ?1 AND event_id = ?2", static r => (long?)r.GetInt64(0), application, idOrEventId);

    internal static long FirstSeq(SqliteSession session, Guid application, DateTimeOffset time)
    {
        var tail = session.First("SELECT tail FROM heads WHERE application = ?1", static r => r.GetInt64(0), application);
        var search = TimeRange.FirstSeqAsync(tail, time, seq => Task.FromResult(session.First(
            "SELECT accepted_at FROM messages WHERE application = ?1 AND seq = ?2",
            static r => (DateTimeOffset?)r.Time(0),
            application,
            seq)));
        // Every look-up has ended when it returns: nothing is waited for here.
        return search.Result;
    }

    /// <summary>Conditions of a query with the values they bind.</summary>
    private sealed class Conditions(params object?[] scope)
    {
        private readonly StringBuilder _text = new();
        private readonly List<object?> _values = [.. scope];

        public string Text => _text.ToString();

        public object?[] Values => [.. _values];

        public void And(string condition) => _text.Append(" AND ").Append(condition);

        public string Bind(object value)
        {
            _values.Add(value);
            return "?" + _values.Count.ToString(CultureInfo.InvariantCulture);
        }
    }
}
