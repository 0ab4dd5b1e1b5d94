using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Messages with their payloads, and payloads that go.</summary>
internal sealed partial class PostgresMessageLog
{
    private const int PageSpan = 4096;
    private const string EntryColumns = "seq, id, event_type, accepted_at, ordering_key, content_type";

    // What does not fit into the bytes wanted is not sent over the line. Each entry is looked up by itself, which LIMIT forces:
    // of a day that was never analyzed the planner believes that it is empty, and reads it whole for each entry
    // (measured: 355 ms for 64 of 50,000).
    private const string Payloads = """
        SELECT seq, CASE WHEN fits THEN payload END, fits
        FROM (
            SELECT seq, payload, octet_length(payload) IS NULL OR coalesce(sum(octet_length(payload)) OVER w, 0) = 0
                   OR sum(octet_length(payload)) OVER w + octet_length(payload) <= $5 AS fits
            FROM (
                SELECT m.seq, coalesce(p.payload, m.old_payload) AS payload
                FROM unnest($2::bigint[]) AS wanted (seq)
                CROSS JOIN LATERAL (SELECT seq, accepted_at, old_payload FROM messages WHERE application = $1 AND messages.seq = wanted.seq LIMIT 1) AS m
                LEFT JOIN LATERAL (
                    SELECT payload FROM payloads
                    WHERE application = $1 AND payloads.seq = m.seq AND day = (m.accepted_at AT TIME ZONE 'UTC')::date AND day >= $3 AND day <= $4
                    LIMIT 1) AS p ON true) AS found
            WINDOW w AS (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS sized
        ORDER BY seq
        """;

    public Task<LogPage> ReadPageAsync(Guid application, int ordinal, long after, long upTo, int maxMessages, int maxBytes, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // The log is dense: a stretch is known to be read to its end without asking where it ends.
        var end = Math.Min(upTo, after + PageSpan);
        await using var command = store.Reads.CreateCommand($"""
            SELECT {EntryColumns} FROM messages
            WHERE application = $1 AND seq > $2 AND seq <= $3 AND $4 = ANY(recipients)
            ORDER BY seq LIMIT $5
            """).With(application).With(after).With(end).With(ordinal).With(maxMessages + 1);
        var entries = await command.ReadAllAsync(ReadEntry, cancellationToken);
        // One more than wanted was asked for: what does not fit tells that the stretch was not read to its end.
        var messages = await WithPayloadsAsync(application, [.. entries.Take(maxMessages)], maxBytes, cancellationToken);
        return new LogPage(messages, messages.Count < entries.Count ? messages[^1].Seq : end);
    });

    public Task<LogMessage?> ReadMessageAsync(Guid application, long seq, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand($"SELECT {EntryColumns} FROM messages WHERE application = $1 AND seq = $2").With(application).With(seq);
        var entry = await command.ReadAllAsync(ReadEntry, cancellationToken);
        return (await WithPayloadsAsync(application, entry, int.MaxValue, cancellationToken)).FirstOrDefault();
    });

    public Task<bool> ExpungePayloadAsync(Guid application, string idOrEventId, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
        var match = isId ? "id = $2" : "event_key = $2 AND event_id = $3";
        await using var command = store.Writes.CreateCommand($"""
            WITH logged AS (UPDATE messages SET old_payload = NULL WHERE application = $1 AND {match} RETURNING seq, accepted_at),
                 waiting AS (UPDATE scheduled SET payload = NULL WHERE application = $1 AND {match} RETURNING published_at)
            SELECT seq, accepted_at FROM logged UNION ALL SELECT 0, published_at FROM waiting
            """).With(application);
        _ = isId ? command.With(id) : command.With(EventKey.Of(application, idOrEventId)).With(idOrEventId);
        var found = await command.ReadAllAsync(static r => (Seq: r.GetInt64(0), AcceptedAt: r.Time(1)), cancellationToken);
        foreach (var (seq, acceptedAt) in found.Where(static f => f.Seq > 0))
        {
            await using var remove = store.Writes.CreateCommand("DELETE FROM payloads WHERE application = $1 AND seq = $2 AND day = $3")
                .With(application).With(seq).With(PostgresPayloads.DayOf(acceptedAt));
            await remove.ExecuteNonQueryAsync(cancellationToken);
        }

        return found.Count > 0;
    });

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            WITH old AS (SELECT application, seq, day FROM payloads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
            DELETE FROM payloads USING old WHERE payloads.application = old.application AND payloads.seq = old.seq AND payloads.day = old.day
            """).With(now.UtcDateTime).With(limit);
        var removed = await command.ExecuteNonQueryAsync(cancellationToken);
        await using var before = store.Writes.CreateCommand("""
            UPDATE messages SET old_payload = NULL FROM (
                SELECT application, seq FROM messages WHERE expires_at <= $1 AND old_payload IS NOT NULL ORDER BY expires_at LIMIT $2) AS old
            WHERE messages.application = old.application AND messages.seq = old.seq
            """).With(now.UtcDateTime).With(limit - removed);
        return removed + await before.ExecuteNonQueryAsync(cancellationToken);
    });

    private static LogMessage ReadEntry(NpgsqlDataReader r) => new(r.GetInt64(0), r.GetGuid(1), r.GetString(2), r.Time(3), r.TextOrNull(4), null, r.TextOrNull(5));

    /// <summary>The first of the entries, as many as fit, but at least one; those whose payload is gone stay without one.</summary>
    private async Task<IReadOnlyList<LogMessage>> WithPayloadsAsync(Guid application, IReadOnlyList<LogMessage> entries, int maxBytes, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return entries;
        }

        var days = entries.Select(static e => PostgresPayloads.DayOf(e.AcceptedAt)).ToArray();
        await using var command = store.Reads.CreateCommand(Payloads)
            .With(application).With(entries.Select(static e => e.Seq).ToArray()).With(days.Min()).With(days.Max()).With((long)maxBytes);
        var payloads = (await command.ReadAllAsync(
            static r => (Seq: r.GetInt64(0), Payload: r.IsDBNull(1) ? null : r.GetFieldValue<byte[]>(1), Fits: r.GetBoolean(2)),
            cancellationToken)).ToDictionary(static p => p.Seq);
        return [.. entries
            .TakeWhile(e => !payloads.TryGetValue(e.Seq, out var found) || found.Fits)
            .Select(e => e with { Payload = payloads.TryGetValue(e.Seq, out var found) ? found.Payload : null })];
    }
}
