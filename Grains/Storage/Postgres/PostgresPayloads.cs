namespace Webhooks.Grains.Storage.Postgres;

/// <summary>
/// Payloads of the log lie in partitions by the day of acceptance. They are read after their messages, by place and day as
/// constants: so that a plan names the day's partition only, whatever number of days there is.
/// </summary>
internal static class PostgresPayloads
{
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    public static DateOnly DayOf(DateTimeOffset acceptedAt) => DateOnly.FromDateTime(acceptedAt.UtcDateTime);

    /// <summary>No attempt of a message accepted then has a lower id, silos' clocks being an hour apart at most: the days before need not be looked into.</summary>
    public static Guid LowestAttempt(DateTimeOffset acceptedAt) =>
        TimeRange.LowestId(acceptedAt - DateTimeOffset.UnixEpoch > Skew ? acceptedAt - Skew : acceptedAt);

    /// <summary>The messages with their payloads, or with whether they have one.</summary>
    public static async Task<IReadOnlyList<StoredMessage>> FillAsync(
        PostgresStore store, Guid application, IReadOnlyList<StoredMessage> messages, bool withContent, CancellationToken cancellationToken)
    {
        // Those of the schedule (without a place) and of the time before this table have theirs already.
        var missing = messages.Where(static m => m.Seq > 0 && m.PayloadGone).ToArray();
        if (missing.Length == 0)
        {
            return messages;
        }

        var days = Array.ConvertAll(missing, static m => DayOf(m.AcceptedAt));
        await using var command = store.Reads.CreateCommand($"""
            SELECT p.seq, {(withContent ? "p.payload" : "NULL::bytea")}
            FROM unnest($2::bigint[], $3::date[]) AS x (seq, day)
            JOIN payloads AS p ON p.application = $1 AND p.seq = x.seq AND p.day = x.day AND p.day >= $4 AND p.day <= $5
            """).With(application).With(Array.ConvertAll(missing, static m => m.Seq)).With(days).With(days.Min()).With(days.Max());
        var found = (await command.ReadAllAsync(static r => (Seq: r.GetInt64(0), Payload: r.IsDBNull(1) ? null : r.GetFieldValue<byte[]>(1)), cancellationToken))
            .ToDictionary(static p => p.Seq, static p => p.Payload);
        return [.. messages.Select(m => m.Seq > 0 && found.TryGetValue(m.Seq, out var payload) ? m with { Payload = payload, PayloadGone = false } : m)];
    }
}
