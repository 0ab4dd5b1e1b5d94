using System.Text;
using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Lists of messages and attempts in PostgreSQL; each walks an index from where its page starts.</summary>
internal sealed partial class PostgresDeliveryReads(PostgresStore store, TimeProvider time) : IDeliveryReads
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(2);
    private const int SuccessClass = 200;
    private const string AttemptColumns = "t.id, t.message, t.endpoint, t.url, t.status, t.status_code, t.duration_ms, t.response, t.trigger_type, t.started_at, t.next_attempt_at";

    public Task<StoredMessage?> FindMessageAsync(Guid application, string idOrEventId, bool withContent, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
        await using var command = store.Reads.CreateCommand($"""
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(withContent)} FROM messages AS m
            WHERE m.application = $1 AND {(isId ? "m.id = $2" : "m.event_key = $2 AND m.event_id = $3")}
            UNION ALL
            SELECT {PostgresMessageLog.ScheduledColumns}, {(withContent ? "s.payload" : "NULL::bytea")} FROM scheduled AS s
            WHERE s.application = $1 AND {(isId ? "s.id = $2" : "s.event_key = $2 AND s.event_id = $3")}
            LIMIT 1
            """).With(application);
        _ = isId ? command.With(id) : command.With(EventKey.Of(application, idOrEventId)).With(idOrEventId);
        return (await FillAsync(application, await command.ReadAllAsync(PostgresMessageLog.ReadMessage, cancellationToken), withContent, cancellationToken)).FirstOrDefault();
    });

    public Task<Page<StoredMessage>> ListMessagesAsync(Guid application, MessageFilter filter, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var walk = Walk.Of(page, filter is { After: not null, Before: null });
        if (await BoundsAsync(application, filter, page, walk, cancellationToken) is not var (from, before))
        {
            return new Page<StoredMessage>([], false);
        }

        await using var command = store.Reads.CreateCommand().With(application).With(from).With(before).With(page.Limit + 1);
        var where = new StringBuilder();
        Narrow(command, where, filter.Channel, filter.Tag, filter.EventTypes);
        command.CommandText = $"""
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(filter.WithContent)} FROM messages AS m
            WHERE m.application = $1 AND m.seq >= $2 AND m.seq < $3{where}
            ORDER BY m.seq {Direction(walk)} LIMIT $4
            """;
        var read = walk.Cut(await command.ReadAllAsync(PostgresMessageLog.ReadMessage, cancellationToken), page.Limit);
        return read with { Items = await FillAsync(application, read.Items, filter.WithContent, cancellationToken) };
    });

    public Task<AttemptDetails?> FindAttemptAsync(Guid application, string idOrEventId, Guid attempt, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (await PlaceOfAsync(application, idOrEventId, cancellationToken) is not { } place)
        {
            return null;
        }

        await using var command = store.Reads.CreateCommand($"SELECT {AttemptColumns} FROM attempts AS t WHERE t.application = $1 AND t.seq = $2 AND t.id = $3")
            .With(application).With(place.Seq).With(attempt);
        return (await command.ReadAllAsync(static r => ReadAttempt(r, true), cancellationToken)).FirstOrDefault();
    });

    public Task<Page<AttemptDetails>> ListAttemptsByEndpointAsync(Guid application, Guid endpoint, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync(async () =>
        {
            if (filter.After is null && Walk.Of(page, afterAlone: false).RunsDown)
            {
                // A page is mostly full of the last two days: the plan names these alone, whatever number there is.
                var top = EntityId.TryParse(EntityId.Attempt, page.Iterator, out var id) ? TimeOrderedId.TimeOf(id) : filter.Before ?? time.GetUtcNow();
                var recent = await ReadAsync(filter with { After = top - Recent, Before = filter.Before ?? top.AddDays(1) });
                if (recent.HasMore)
                {
                    return recent;
                }
            }

            return await ReadAsync(filter);

            Task<Page<AttemptDetails>> ReadAsync(AttemptFilter within) => ListAttemptsAsync(
                "t.application = $1 AND t.endpoint = $2",
                command => command.With(application).With(endpoint),
                within with { EndpointId = null },
                page,
                cancellationToken);
        });

    public Task<Page<AttemptDetails>> ListAttemptsByMessageAsync(Guid application, string idOrEventId, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync(async () => await PlaceOfAsync(application, idOrEventId, cancellationToken) is { } place
            ? await ListAttemptsAsync(
                "t.application = $1 AND t.seq = $2 AND t.id >= $3",
                command => command.With(application).With(place.Seq).With(PostgresPayloads.LowestAttempt(place.AcceptedAt)),
                filter,
                page,
                cancellationToken)
            : new Page<AttemptDetails>([], false));

    // What was written before payloads had a table of their own.
    private static string Payload(bool withContent) => withContent ? "m.old_payload" : "NULL::bytea";

    private Task<IReadOnlyList<StoredMessage>> FillAsync(Guid application, IReadOnlyList<StoredMessage> messages, bool withContent, CancellationToken cancellationToken) =>
        PostgresPayloads.FillAsync(store, application, messages, withContent, cancellationToken);

    private static string Direction(Walk walk) => walk.RunsDown ? "DESC" : "ASC";

    private static void Narrow(NpgsqlCommand command, StringBuilder where, string? channel, string? tag, IReadOnlyList<string>? eventTypes)
    {
        if (channel is not null)
        {
            // Channels and tags are JSON lists of names that hold no quote.
            command.With("\"" + channel + "\"");
            where.Append($" AND position(${command.Parameters.Count} IN m.channels) > 0");
        }

        if (tag is not null)
        {
            command.With("\"" + tag + "\"");
            where.Append($" AND position(${command.Parameters.Count} IN m.tags) > 0");
        }

        if (eventTypes is not null)
        {
            command.With(eventTypes.ToArray());
            where.Append($" AND m.event_type = ANY(${command.Parameters.Count})");
        }
    }

    private static AttemptDetails ReadAttempt(NpgsqlDataReader r, bool withContent) => new()
    {
        Id = EntityId.Format(EntityId.Attempt, r.GetGuid(0)),
        MessageId = EntityId.Format(EntityId.Message, r.GetGuid(1)),
        EndpointId = EntityId.Format(EntityId.Endpoint, r.GetGuid(2)),
        Url = r.GetString(3),
        Status = (AttemptStatus)r.GetInt16(4),
        ResponseStatusCode = r.GetInt32(5),
        ResponseDurationMs = r.GetInt32(6),
        Response = withContent ? AttemptText.Of(r.GetFieldValue<byte[]>(7)) : "{}",
        Trigger = (AttemptTrigger)r.GetInt16(8),
        StartedAt = r.Time(9),
        NextAttemptAt = r.TimeOrNull(10),
    };

    private async Task<Page<AttemptDetails>> ListAttemptsAsync(
        string scope, Action<NpgsqlCommand> bind, AttemptFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var walk = Walk.Of(page, filter is { After: not null, Before: null });
        await using var command = store.Reads.CreateCommand();
        bind(command);
        var where = new StringBuilder();
        void And(string condition, object value)
        {
            _ = value switch
            {
                Guid id => command.With(id),
                int number => command.With(number),
                short number => command.With(number),
                _ => throw new ArgumentException("Unknown type of a parameter.", nameof(value)),
            };
            where.Append($" AND {condition} ${command.Parameters.Count}");
        }

        if (page.Iterator is not null)
        {
            if (!EntityId.TryParse(EntityId.Attempt, page.Iterator, out var id))
            {
                return new Page<AttemptDetails>([], false);
            }

            And(walk.RunsDown ? "t.id <" : "t.id >", id);
        }

        if (filter.After is { } after)
        {
            And("t.id >=", TimeRange.LowestId(after));
        }

        if (filter.Before is { } before)
        {
            And("t.id <", TimeRange.LowestId(before));
        }

        if (filter.Status is { } status)
        {
            And("t.status =", (short)status);
            // Said so that the planner sees that the index of failures will do.
            where.Append(status == (int)AttemptStatus.Success ? "" : " AND t.status <> 0");
        }

        if (filter.StatusCodeClass is { } hundred)
        {
            And("t.status_code >=", hundred);
            And("t.status_code <", hundred + 100);
            where.Append(hundred == SuccessClass ? "" : " AND t.status <> 0");
        }

        if (filter.EndpointId is not null)
        {
            if (!EntityId.TryParse(EntityId.Endpoint, filter.EndpointId, out var endpoint))
            {
                return new Page<AttemptDetails>([], false);
            }

            And("t.endpoint =", endpoint);
        }

        var join = filter.Channel is null && filter.Tag is null && filter.EventTypes is null ? "" : " JOIN messages AS m ON m.application = t.application AND m.seq = t.seq";
        Narrow(command, where, filter.Channel, filter.Tag, filter.EventTypes);
        command.With(page.Limit + 1);
        command.CommandText = $"""
            SELECT {AttemptColumns} FROM attempts AS t{join}
            WHERE {scope}{where}
            ORDER BY t.id {Direction(walk)} LIMIT ${command.Parameters.Count}
            """;
        return walk.Cut(await command.ReadAllAsync(r => ReadAttempt(r, filter.WithContent), cancellationToken), page.Limit);
    }

    /// <summary>Where a page of messages lies in the log, <c>[From, Before)</c>; null when the iterator is none.</summary>
    private async Task<(long From, long Before)?> BoundsAsync(Guid application, MessageFilter filter, PageRequest page, Walk walk, CancellationToken cancellationToken)
    {
        var from = filter.After is { } after ? await FirstSeqAsync(application, after, cancellationToken) : 0;
        var before = filter.Before is { } time ? await FirstSeqAsync(application, time, cancellationToken) : long.MaxValue;
        if (page.Iterator is null)
        {
            return (from, before);
        }

        if (!EntityId.TryParse(EntityId.Message, page.Iterator, out var id))
        {
            return null;
        }

        var seq = (await PlaceOfAsync(application, page.Iterator, cancellationToken))?.Seq ?? await FirstSeqAsync(application, TimeOrderedId.TimeOf(id), cancellationToken);
        return walk.RunsDown ? (from, Math.Min(before, seq)) : (Math.Max(from, seq + 1), before);
    }

    private async Task<Place?> PlaceOfAsync(Guid application, string idOrEventId, CancellationToken cancellationToken)
    {
        var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
        await using var command = store.Reads.CreateCommand(
            $"SELECT seq, accepted_at FROM messages WHERE application = $1 AND {(isId ? "id = $2" : "event_key = $2 AND event_id = $3")}").With(application);
        _ = isId ? command.With(id) : command.With(EventKey.Of(application, idOrEventId)).With(idOrEventId);
        return (await command.ReadAllAsync(static r => (Place?)new Place(r.GetInt64(0), r.Time(1)), cancellationToken)).FirstOrDefault();
    }

    private async Task<long> FirstSeqAsync(Guid application, DateTimeOffset time, CancellationToken cancellationToken)
    {
        await using var head = store.Reads.CreateCommand("SELECT tail FROM heads WHERE application = $1").With(application);
        var tail = (long?)await head.ExecuteScalarAsync(cancellationToken) ?? 0;
        return await TimeRange.FirstSeqAsync(tail, time, async seq =>
        {
            await using var command = store.Reads.CreateCommand("SELECT accepted_at FROM messages WHERE application = $1 AND seq = $2").With(application).With(seq);
            return (await command.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault();
        });
    }

    /// <summary>Where a message lies in the log, and since when.</summary>
    private readonly record struct Place(long Seq, DateTimeOffset AcceptedAt);
}
