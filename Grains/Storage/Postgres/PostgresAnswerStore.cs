namespace Webhooks.Grains.Storage.Postgres;

/// <summary>First answers in PostgreSQL.</summary>
internal sealed class PostgresAnswerStore(PostgresStore store) : IAnswerStore
{
    public Task<AnswerRow> ReserveAsync(Guid token, Guid reserved, DateTimeOffset now, DateTimeOffset notBefore, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // A row in the way is updated with itself, so that it is locked and returned: there is no moment without an answer.
        await using var command = store.Writes.CreateCommand("""
            INSERT INTO answers AS a (token, reserved, created_at) VALUES ($1, $2, $3)
            ON CONFLICT (token) DO UPDATE SET
                reserved = CASE WHEN a.created_at < $4 THEN excluded.reserved ELSE a.reserved END,
                status = CASE WHEN a.created_at < $4 THEN NULL ELSE a.status END,
                body = CASE WHEN a.created_at < $4 THEN NULL ELSE a.body END,
                created_at = CASE WHEN a.created_at < $4 THEN excluded.created_at ELSE a.created_at END
            RETURNING token, reserved, created_at, status, body, reserved = $2
            """).With(token).With(reserved).With(now.UtcDateTime).With(notBefore.UtcDateTime);
        return (await command.ReadAllAsync(
            static r => new AnswerRow(r.GetGuid(0), r.GetGuid(1), r.Time(2), r.IntOrNull(3), r.IsDBNull(4) ? null : r.GetFieldValue<byte[]>(4), r.GetBoolean(5)),
            cancellationToken))[0];
    });

    public Task CompleteAsync(Guid token, int status, byte[] body, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE answers SET status = $2, body = $3 WHERE token = $1 AND status IS NULL")
            .With(token).With(status).With(body);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            DELETE FROM answers USING (SELECT token FROM answers WHERE created_at < $1 ORDER BY created_at LIMIT $2) AS old WHERE answers.token = old.token
            """).With(before.UtcDateTime).With(limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });
}
