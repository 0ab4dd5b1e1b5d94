using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Dead letters, and how one message stands at one endpoint.</summary>
internal sealed partial class PostgresDeliveryReads
{
    public Task<Page<DeadLetter>> ListDeadLettersAsync(Guid application, Guid endpoint, bool withContent, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var walk = Walk.Of(page, afterAlone: false);
        if (await BoundsAsync(application, new MessageFilter(), page, walk, cancellationToken) is not var (from, before))
        {
            return new Page<DeadLetter>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT {PostgresMessageLog.MessageColumns}, {Payload(withContent)}, d.reason, d.at
            FROM dead_letters AS d JOIN messages AS m ON m.application = $1 AND m.seq = d.from_seq
            WHERE d.endpoint = $2 AND d.from_seq >= $3 AND d.from_seq < $4
            ORDER BY d.from_seq {Direction(walk)} LIMIT $5
            """).With(application).With(endpoint).With(from).With(before).With(page.Limit + 1);
        var read = walk.Cut(await command.ReadAllAsync(static r => new DeadLetter(PostgresMessageLog.ReadMessage(r), r.GetString(15), r.Time(16)), cancellationToken), page.Limit);
        var messages = await FillAsync(application, [.. read.Items.Select(static d => d.Message)], withContent, cancellationToken);
        return read with { Items = [.. read.Items.Zip(messages, static (d, m) => d with { Message = m })] };
    });

    public Task<long> CountDeadLettersAsync(Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("SELECT count(*) FROM dead_letters WHERE endpoint = $1").With(endpoint);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
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
                   (SELECT reason FROM dead_letters WHERE endpoint = $4 AND from_seq = $2 AND to_seq = $2)
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
}
