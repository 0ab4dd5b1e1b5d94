using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>The log in PostgreSQL: every append is one statement, one round trip, one commit.</summary>
internal sealed partial class PostgresMessageLog(PostgresStore store) : IMessageLog
{
    // The heads move first, each under its fence; rows follow only where they moved. Duplicates are looked for under the
    // statement's snapshot, which is sound: whoever appended since has moved the tail. OFFSET 0 keeps the planner from
    // looking for them along the primary key, which on a fresh table costs it nothing by its own account.
    private const string Append = """
        WITH h AS (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $21::bool[])
                AS t (application, tail, routing, n, owner, checks_schedule)
        ),
        m AS (
            SELECT * FROM unnest($6::uuid[], $7::bigint[], $8::uuid[], $9::uuid[], $10::bool[], $11::timestamptz[], $12::text[],
                                 $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::bytea[], $20::uuid[],
                                 $22::text[], $23::timestamptz[], $24::timestamptz[], $25::timestamptz[], $26::bool[])
                AS t (application, seq, id, token, check_token, accepted_at, event_type, event_id, channels, ordering_key, content_type, recipients, payload, event_key,
                      tags, deliver_at, published_at, expires_at, from_schedule)
        ),
        repeats AS (
            SELECT m.application FROM m
            JOIN LATERAL (SELECT application, accepted_at FROM messages WHERE token = m.token OFFSET 0) AS x
              ON x.application = m.application AND x.accepted_at >= $19
            WHERE m.check_token
            UNION
            SELECT m.application FROM m
            JOIN LATERAL (SELECT application, event_id FROM messages WHERE event_key = m.event_key OFFSET 0) AS x
              ON x.application = m.application AND x.event_id = m.event_id
            WHERE m.event_key IS NOT NULL
            UNION
            SELECT h.application FROM h
            JOIN m ON m.application = h.application AND (m.check_token OR m.event_key IS NOT NULL OR m.from_schedule)
            WHERE h.checks_schedule AND (
                (m.check_token AND EXISTS (SELECT FROM (SELECT application, id FROM scheduled WHERE token = m.token OFFSET 0) AS x WHERE x.application = m.application AND x.id <> m.id))
                OR (m.event_key IS NOT NULL AND EXISTS (
                    SELECT FROM (SELECT application, id, event_id FROM scheduled WHERE event_key = m.event_key OFFSET 0) AS x
                    WHERE x.application = m.application AND x.event_id = m.event_id AND x.id <> m.id))
                OR (m.from_schedule AND NOT EXISTS (SELECT FROM scheduled AS x WHERE x.application = m.application AND x.id = m.id)))
        ),
        moved AS (
            UPDATE heads SET tail = heads.tail + h.n, owner = h.owner
            FROM h
            WHERE heads.application = h.application AND heads.tail = h.tail AND heads.routing_version = h.routing
              AND NOT heads.deleted AND NOT EXISTS (SELECT FROM repeats WHERE repeats.application = h.application)
            RETURNING heads.application
        ),
        written AS (
            INSERT INTO messages (application, seq, id, token, accepted_at, event_type, event_id, event_key, channels, ordering_key, content_type, recipients,
                                  tags, deliver_at, published_at, expires_at)
            SELECT m.application, m.seq, m.id, m.token, m.accepted_at, m.event_type, m.event_id, m.event_key, m.channels, m.ordering_key, m.content_type,
                   m.recipients::int[], m.tags, m.deliver_at, m.published_at, m.expires_at
            FROM m
            WHERE EXISTS (SELECT FROM moved WHERE moved.application = m.application)
        ),
        kept AS (
            INSERT INTO payloads (day, application, seq, payload, expires_at)
            SELECT (m.accepted_at AT TIME ZONE 'UTC')::date, m.application, m.seq, m.payload, m.expires_at
            FROM m
            WHERE m.payload IS NOT NULL AND EXISTS (SELECT FROM moved WHERE moved.application = m.application)
        ),
        freed AS (
            DELETE FROM scheduled USING m
            WHERE m.from_schedule AND scheduled.application = m.application AND scheduled.id = m.id
              AND EXISTS (SELECT FROM moved WHERE moved.application = m.application)
        )
        SELECT application FROM moved
        """;

    /// <summary>
    /// What <see cref="ReadMessage"/> reads before the payload, of the log under the name <c>m</c>; whether there is a payload
    /// is known after <see cref="PostgresPayloads.FillAsync"/> only.
    /// </summary>
    internal const string MessageColumns =
        "m.seq, m.id, m.token, m.accepted_at, m.event_type, m.event_id, m.channels, m.ordering_key, m.content_type, m.old_payload IS NULL,"
        + " m.tags, m.deliver_at, m.published_at, m.expires_at";

    /// <summary>The same of the schedule.</summary>
    internal const string ScheduledColumns =
        "0::bigint, s.id, s.token, s.published_at, s.event_type, s.event_id, s.channels, s.ordering_key, s.content_type, s.payload IS NULL,"
        + " s.tags, s.due, s.published_at, s.expires_at";

    public Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<AppendRequest> batch, DateTimeOffset tokensSince, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<bool>>(async () =>
        {
            var count = batch.Sum(static r => r.Messages.Count);
            var (ha, ht, hr, hn, ho) = (new Guid[batch.Count], new long[batch.Count], new long[batch.Count], new int[batch.Count], new string[batch.Count]);
            var (ma, ms, mi, mt, mc, mw) = (new Guid[count], new long[count], new Guid[count], new Guid[count], new bool[count], new DateTime[count]);
            var mq = new Guid?[count];
            var hs = new bool[batch.Count];
            var (mg, md, mu, mv, mf) = (new string?[count], new DateTime?[count], new DateTime?[count], new DateTime?[count], new bool[count]);
            var (me, mx, mh, mk, my, mr, mp) = (new string[count], new string?[count], new string?[count], new string?[count], new string?[count], new string[count], new byte[]?[count]);
            var i = 0;
            var h = 0;
            // One order of locks for everybody.
            foreach (var request in batch.OrderBy(static r => r.Application))
            {
                (ha[h], ht[h], hr[h], hn[h], ho[h]) = (request.Application, request.ExpectedTail, request.RoutingVersion, request.Messages.Count, request.Owner);
                hs[h] = request.ChecksSchedule;
                h++;
                var seq = request.ExpectedTail;
                foreach (var message in request.Messages)
                {
                    (ma[i], ms[i], mi[i], mt[i], mc[i], mw[i]) = (request.Application, ++seq, message.Id, message.Token, message.CheckToken, message.AcceptedAt.UtcDateTime);
                    (me[i], mx[i], mk[i], my[i], mp[i]) = (message.EventType, message.EventId, message.OrderingKey, message.ContentType, message.Payload);
                    mq[i] = message.EventId is null ? null : EventKey.Of(request.Application, message.EventId);
                    mh[i] = List(message.Channels);
                    (mg[i], md[i], mu[i], mv[i], mf[i]) =
                        (List(message.Tags), message.DeliverAt?.UtcDateTime, message.PublishedAt?.UtcDateTime, message.ExpiresAt?.UtcDateTime, message.FromSchedule);
                    mr[i] = "{" + string.Join(',', message.Recipients) + "}";
                    i++;
                }
            }

            await using var command = store.Writes.CreateCommand(Append)
                .With(ha).With(ht).With(hr).With(hn).With(ho)
                .With(ma).With(ms).With(mi).With(mt).With(mc).With(mw).With(me)
                .With(mx).With(mh).With(mk).With(my).With(mr).With(mp)
                .With(tokensSince.UtcDateTime).With(mq)
                .With(hs).With(mg).With(md).With(mu).With(mv).With(mf);
            var moved = new HashSet<Guid>(await command.ReadAllAsync(static r => r.GetGuid(0), cancellationToken).ConfigureAwait(false));
            return [.. batch.Select(r => moved.Contains(r.Application))];
        });

    public Task<HeadRow?> ReadHeadAsync(Guid application, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // On a connection that writes: what is asked here decides what is written next.
        await using var command = store.Writes.CreateCommand("SELECT tail, routing_version, deleted, owner FROM heads WHERE application = $1").With(application);
        return (await command.ReadAllAsync(r => new HeadRow(application, r.GetInt64(0), r.GetInt64(1), r.GetBoolean(2), r.TextOrNull(3)), cancellationToken)).FirstOrDefault();
    });

    public Task<RoutingSnapshot?> TakeHeadAsync(Guid application, string owner, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using (var take = store.Writes.CreateCommand("UPDATE heads SET owner = $2 WHERE application = $1").With(application).With(owner))
        {
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        return await RoutingAsync(application, cancellationToken);
    });

    public Task<RoutingSnapshot?> ReadRoutingAsync(Guid application, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync(() => RoutingAsync(application, cancellationToken));

    public Task ReleaseHeadAsync(Guid application, string owner, string? successor, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE heads SET owner = $3 WHERE application = $1 AND owner = $2")
            .With(application).With(owner).With(NpgsqlDbType.Text, successor);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<IReadOnlyList<StoredMessage>> FindRepeatsAsync(Guid application, IReadOnlyList<Guid> tokens, IReadOnlyList<string> eventIds, DateTimeOffset tokensSince, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<StoredMessage>>(async () =>
        {
            await using var command = store.Writes.CreateCommand($"""
                SELECT {MessageColumns}, NULL::bytea FROM (SELECT * FROM messages WHERE token = ANY($2) OFFSET 0) AS m
                WHERE application = $1 AND accepted_at >= $4
                UNION
                SELECT {MessageColumns}, NULL::bytea FROM (SELECT * FROM messages WHERE event_key = ANY($3) OFFSET 0) AS m
                WHERE application = $1 AND event_id = ANY($5)
                UNION
                SELECT {ScheduledColumns}, s.payload FROM (SELECT * FROM scheduled WHERE token = ANY($2) OR event_key = ANY($3) OFFSET 0) AS s
                WHERE application = $1 AND (token = ANY($2) OR event_id = ANY($5))
                """).With(application).With(tokens.ToArray()).With(eventIds.Select(e => EventKey.Of(application, e)).ToArray())
                .With(tokensSince.UtcDateTime).With(eventIds.ToArray());
            return await PostgresPayloads.FillAsync(store, application, await command.ReadAllAsync(ReadMessage, cancellationToken), withContent: false, cancellationToken);
        });

    public Task<IReadOnlyList<(long Seq, Guid Id)>> ReadIdsAsync(Guid application, long from, long to, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<(long, Guid)>>(async () =>
        {
            await using var command = store.Writes.CreateCommand("SELECT seq, id FROM messages WHERE application = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq")
                .With(application).With(from).With(to);
            return await command.ReadAllAsync(static r => (r.GetInt64(0), r.GetGuid(1)), cancellationToken);
        });

    public Task<IReadOnlyList<RecipientsAt>> ReadRecipientsAsync(Guid application, long after, long upTo, int limit, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<RecipientsAt>>(async () =>
        {
            await using var command = store.Reads.CreateCommand("""
                SELECT seq, recipients FROM messages
                WHERE application = $1 AND seq > $2 AND seq <= $3 AND recipients <> '{}'
                ORDER BY seq LIMIT $4
                """).With(application).With(after).With(upTo).With(limit);
            return await command.ReadAllAsync(static r => new RecipientsAt(r.GetInt64(0), r.GetFieldValue<int[]>(1)), cancellationToken);
        });

    public Task<int> ClampCursorsAsync(Guid application, long tail, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE cursors SET position = $2, epoch = epoch + 1 WHERE application = $1 AND position > $2")
            .With(application).With(tail);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    internal static StoredMessage ReadMessage(NpgsqlDataReader r) => new(
        r.GetInt64(0),
        r.GetGuid(1),
        r.GetGuid(2),
        r.Time(3),
        r.GetString(4),
        r.TextOrNull(5),
        ListOrNull(r, 6),
        r.TextOrNull(7),
        r.TextOrNull(8),
        r.IsDBNull(14) ? null : r.GetFieldValue<byte[]>(14),
        r.GetBoolean(9),
        ListOrNull(r, 10),
        r.TimeOrNull(11),
        r.TimeOrNull(12),
        r.TimeOrNull(13));

    private static string? List(IReadOnlyList<string>? items) => items is null ? null : JsonSerializer.Serialize(items);

    internal static string[]? ListOrNull(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : JsonSerializer.Deserialize<string[]>(r.GetString(column));

    private async Task<RoutingSnapshot?> RoutingAsync(Guid application, CancellationToken cancellationToken)
    {
        // One statement, one snapshot: head, application and endpoints belong together.
        await using var command = store.Writes.CreateCommand($"""
            SELECT h.tail, h.routing_version, h.deleted, h.owner, {PostgresConfigurationStore.ApplicationColumns},
                   e.details, c.position, c.next_attempt_at, (SELECT min(due) FROM scheduled AS s WHERE s.application = h.application)
            FROM heads AS h
            JOIN applications AS a ON a.id = h.application
            LEFT JOIN endpoints AS e ON e.application = h.application AND NOT e.deleted
            LEFT JOIN cursors AS c ON c.endpoint = e.id
            WHERE h.application = $1
            """).With(application);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        HeadRow? head = null;
        ApplicationRow? row = null;
        DateTimeOffset? scheduledAt = null;
        var endpoints = new List<RoutedEndpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            head ??= new HeadRow(application, reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2), reader.TextOrNull(3));
            row ??= PostgresConfigurationStore.ReadApplication(reader, 4);
            const int Endpoint = 4 + PostgresConfigurationStore.ApplicationColumnCount;
            scheduledAt = reader.TimeOrNull(Endpoint + 3);
            if (!reader.IsDBNull(Endpoint))
            {
                endpoints.Add(new RoutedEndpoint(EndpointJson.Read(reader.GetString(Endpoint)), reader.GetInt64(Endpoint + 1), reader.TimeOrNull(Endpoint + 2)));
            }
        }

        return head is null ? null : new RoutingSnapshot(row!, head, endpoints, scheduledAt);
    }
}
