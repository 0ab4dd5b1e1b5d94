using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Dead letters, and how one message stands at one endpoint.</summary>
internal sealed partial class PostgresDeliveryReads
{
    private const long CountedAtOnce = 50_000;

    public Task<Page<DeadLetter>> ListDeadLettersAsync(Guid application, Guid endpoint, bool withContent, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var walk = Walk.Of(page, afterAlone: false);
        if (await BoundsAsync(application, new MessageFilter(), page, walk, cancellationToken) is not var (from, before))
        {
            return new Page<DeadLetter>([], false);
        }

        var lowest = await LowestOfStretchesAsync(application, endpoint, from, before, cancellationToken);
        // Single ones by their index; of the stretches, which are few, each gives a page at most.
        await using var command = store.Reads.CreateCommand($"""
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(withContent)}, d.reason, d.at FROM (
                (SELECT d.from_seq AS seq, d.reason, d.at FROM dead_letters AS d
                 WHERE d.endpoint = $2 AND d.from_seq >= $3 AND d.from_seq < $4 AND d.to_seq = d.from_seq
                 ORDER BY d.from_seq {Direction(walk)} LIMIT $5)
                UNION ALL
                (SELECT e.seq, s.reason, s.at FROM dead_letters AS s CROSS JOIN LATERAL (
                    SELECT x.seq FROM messages AS x
                    WHERE x.application = $1 AND x.seq >= greatest(s.from_seq, $3) AND x.seq <= least(s.to_seq, $4 - 1) AND {GivenUpIn("x", "$6")}
                    ORDER BY x.seq {Direction(walk)} LIMIT $5) AS e
                 WHERE s.endpoint = $2 AND s.to_seq > s.from_seq AND s.to_seq >= $3 AND s.from_seq < $4)) AS d
            JOIN messages AS m ON m.application = $1 AND m.seq = d.seq
            ORDER BY d.seq {Direction(walk)} LIMIT $5
            """).With(application).With(endpoint).With(from).With(before).With(page.Limit + 1).With(lowest);
        var read = walk.Cut(await command.ReadAllAsync(static r => new DeadLetter(PostgresMessageLog.ReadMessage(r), r.GetString(15), r.Time(16)), cancellationToken), page.Limit);
        var messages = await FillAsync(application, [.. read.Items.Select(static d => d.Message)], withContent, cancellationToken);
        return read with { Items = [.. read.Items.Zip(messages, static (d, m) => d with { Message = m })] };
    });

    public Task<Guid?> FindApplicationAsync(Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("SELECT application FROM cursors WHERE endpoint = $1").With(endpoint);
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    });

    public Task<long> CountDeadLettersAsync(Guid application, Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var single = store.Reads.CreateCommand("SELECT count(*) FROM dead_letters WHERE endpoint = $1 AND to_seq = from_seq").With(endpoint);
        await using var stretches = store.Reads.CreateCommand("SELECT from_seq, to_seq FROM dead_letters WHERE endpoint = $1 AND to_seq > from_seq ORDER BY from_seq").With(endpoint);
        var count = (long)(await single.ExecuteScalarAsync(cancellationToken))!;
        foreach (var (from, to) in await stretches.ReadAllAsync(static r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken))
        {
            // In parts: no statement runs for long, however long the stretch is.
            for (var part = from; part <= to; part += CountedAtOnce)
            {
                await using var command = store.Reads.CreateCommand($"SELECT count(*) FROM messages AS x WHERE x.application = $1 AND x.seq >= $3 AND x.seq <= $4 AND {GivenUpIn("x", "$5")}")
                    .With(application).With(endpoint).With(part).With(Math.Min(to, part + CountedAtOnce - 1))
                    .With(await LowestAttemptAsync(application, part, cancellationToken));
                count += (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            }
        }

        return count;
    });

    public Task<DeliveryState?> ReadStateAsync(Guid application, Guid endpoint, int ordinal, long seq, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var cursor = store.Reads.CreateCommand($"SELECT {PostgresCursorStore.AllColumns} FROM cursors WHERE endpoint = $1").With(endpoint);
        if ((await cursor.ReadAllAsync(PostgresCursorStore.Read, cancellationToken)).FirstOrDefault() is not { } row)
        {
            return null;
        }

        await using var parked = store.Reads.CreateCommand("SELECT seq, kind, lane, attempts, due FROM parked WHERE endpoint = $1 AND seq = $2").With(endpoint).With(seq);
        await using var entry = store.Reads.CreateCommand("""
            SELECT (SELECT $3 = ANY(recipients) FROM messages WHERE application = $1 AND seq = $2),
                   (SELECT accepted_at FROM messages WHERE application = $1 AND seq = $2),
                   coalesce((SELECT reason FROM dead_letters WHERE endpoint = $4 AND from_seq = $2 AND to_seq = $2),
                            (SELECT reason FROM dead_letters WHERE endpoint = $4 AND to_seq > from_seq AND from_seq <= $2 AND to_seq >= $2 LIMIT 1))
            """).With(application).With(seq).With(ordinal).With(endpoint);
        var (isRecipient, acceptedAt, reason) = (await entry.ReadAllAsync(static r => (!r.IsDBNull(0) && r.GetBoolean(0), r.TimeOrNull(1), r.TextOrNull(2)), cancellationToken))[0];
        await using var attempts = store.Reads.CreateCommand(
            $"SELECT {AttemptColumns} FROM attempts AS t WHERE t.endpoint = $1 AND t.seq = $2 AND t.id >= $3 ORDER BY t.id LIMIT 250")
            .With(endpoint).With(seq).With(PostgresPayloads.LowestAttempt(acceptedAt ?? DateTimeOffset.UnixEpoch));
        return new DeliveryState(
            isRecipient,
            row,
            (await parked.ReadAllAsync(PostgresCursorStore.ReadParked, cancellationToken)).FirstOrDefault(),
            reason,
            await attempts.ReadAllAsync(static r => ReadAttempt(r, true), cancellationToken));
    });

    public Task<AheadCount> CountAheadAsync(
        Guid application, Guid endpoint, int ordinal, long position, long lane, long seq, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var end = Math.Min(seq, position + limit + 1);
        // Two stretches of an index each, compared whole: a look at the attempts of every single entry costs ten times as much.
        await using var command = store.Reads.CreateCommand("""
            SELECT (SELECT count(*) FROM (
                       SELECT seq FROM messages WHERE application = $1 AND seq > $4 AND seq < $5 AND $3 = ANY(recipients)
                       EXCEPT
                       SELECT seq FROM attempts WHERE endpoint = $2 AND seq > $4 AND seq < $5 AND status = 0) AS queued),
                   (SELECT count(*) FROM (SELECT FROM parked WHERE endpoint = $2 AND lane = $6 AND seq < $7 AND kind IN (1, 2) LIMIT $8) AS blocked)
            """).With(application).With(endpoint).With(ordinal).With(position).With(end).With(lane).With(seq).With(limit + 1);
        var (queued, parked) = (await command.ReadAllAsync(static r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken))[0];
        return new AheadCount(queued + parked, end >= seq && parked <= limit);
    });

    /// <summary>The lowest id that an attempt of an entry of these stretches can have: days before it are not looked into.</summary>
    private async Task<Guid> LowestOfStretchesAsync(Guid application, Guid endpoint, long from, long before, CancellationToken cancellationToken)
    {
        await using var command = store.Reads.CreateCommand("SELECT min(from_seq) FROM dead_letters WHERE endpoint = $1 AND to_seq > from_seq AND to_seq >= $2 AND from_seq < $3")
            .With(endpoint).With(from).With(before);
        return await command.ExecuteScalarAsync(cancellationToken) is long first ? await LowestAttemptAsync(application, Math.Max(first, from), cancellationToken) : Guid.Empty;
    }

    private async Task<Guid> LowestAttemptAsync(Guid application, long seq, CancellationToken cancellationToken)
    {
        // The oldest entries of a log may be gone.
        await using var command = store.Reads.CreateCommand("SELECT accepted_at FROM messages WHERE application = $1 AND seq >= $2 ORDER BY seq LIMIT 1").With(application).With(seq);
        return (await command.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault() is { } acceptedAt ? PostgresPayloads.LowestAttempt(acceptedAt) : Guid.Empty;
    }

    /// <summary>Whether an entry of a stretch that was given up was one of the endpoint's, was not delivered, and is not listed by itself.</summary>
    private static string GivenUpIn(string message, string lowest) =>
        $"(SELECT ordinal FROM cursors WHERE endpoint = $2) = ANY({message}.recipients)"
        + $" AND NOT EXISTS (SELECT FROM attempts AS ok WHERE ok.endpoint = $2 AND ok.seq = {message}.seq AND ok.id >= {lowest} AND ok.status = 0)"
        + $" AND NOT EXISTS (SELECT FROM dead_letters AS o WHERE o.endpoint = $2 AND o.from_seq = {message}.seq AND o.to_seq = {message}.seq)";
}
