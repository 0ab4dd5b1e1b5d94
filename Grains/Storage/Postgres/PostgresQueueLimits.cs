namespace Webhooks.Grains.Storage.Postgres;

/// <summary>How long queues are in PostgreSQL, and how old.</summary>
internal sealed class PostgresQueueLimits(PostgresStore store) : IQueueLimits
{
    private const long Span = 100_000;

    public Task<QueuePage> LookAsync(Guid after, int limit, DateTimeOffset oldBefore, long longerThan, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("""
            SELECT c.endpoint, c.application, c.ordinal, c.position, h.tail,
                   (SELECT m.accepted_at FROM messages AS m WHERE m.application = c.application AND m.seq > c.position ORDER BY m.seq LIMIT 1),
                   (SELECT m.accepted_at FROM messages AS m WHERE m.application = c.application AND m.seq = (
                        SELECT p.seq FROM parked AS p WHERE p.endpoint = c.endpoint AND p.kind BETWEEN 1 AND 2 ORDER BY p.seq LIMIT 1))
            FROM (SELECT * FROM cursors WHERE endpoint > $1 AND NOT deleted ORDER BY endpoint LIMIT $2) AS c
            JOIN heads AS h ON h.application = c.application
            ORDER BY c.endpoint
            """).With(after).With(limit);
        var looked = await command.ReadAllAsync(
            static r => new QueueSuspect(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4), r.TimeOrNull(5), r.TimeOrNull(6)),
            cancellationToken);
        return new QueuePage(
            [.. looked.Where(q => q.NextAt < oldBefore || q.ParkedAt < oldBefore || q.Tail - q.Position > longerThan)],
            looked.Count < limit ? null : looked[^1].Endpoint);
    });

    public Task<long> FirstSeqAsync(Guid application, DateTimeOffset time, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var head = store.Reads.CreateCommand("SELECT tail FROM heads WHERE application = $1").With(application);
        var tail = (long?)await head.ExecuteScalarAsync(cancellationToken) ?? 0;
        return await TimeRange.FirstSeqAsync(tail, time, async seq =>
        {
            await using var command = store.Reads.CreateCommand("SELECT accepted_at FROM messages WHERE application = $1 AND seq = $2").With(application).With(seq);
            return (await command.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault();
        });
    });

    public Task<QueueStretch> FirstWaitingAsync(Guid application, int ordinal, long after, long before, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var end = Math.Min(before - 1, after + Span);
        await using var command = store.Reads.CreateCommand("""
            SELECT seq, accepted_at FROM messages WHERE application = $1 AND seq > $2 AND seq <= $3 AND $4 = ANY(recipients) ORDER BY seq LIMIT 1
            """).With(application).With(after).With(end).With(ordinal);
        return (await command.ReadAllAsync(r => new QueueStretch(r.GetInt64(0), r.Time(1), end), cancellationToken)).FirstOrDefault() ?? new QueueStretch(null, null, end);
    });

    public Task<QueueCount> CountAsync(Guid application, int ordinal, long after, long upTo, long keep, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("""
            SELECT count(*), max(seq) FILTER (WHERE place = $5 + 1)
            FROM (SELECT seq, row_number() OVER (ORDER BY seq DESC) AS place FROM messages
                  WHERE application = $1 AND seq > $2 AND seq <= $3 AND $4 = ANY(recipients)) AS waiting
            """).With(application).With(after).With(upTo).With(ordinal).With(keep);
        return (await command.ReadAllAsync(static r => new QueueCount(r.GetInt64(0), r.IsDBNull(1) ? null : r.GetInt64(1)), cancellationToken))[0];
    });
}
