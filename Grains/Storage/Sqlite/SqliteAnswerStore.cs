namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>First answers in SQLite.</summary>
internal sealed class SqliteAnswerStore(SqliteStore store) : IAnswerStore
{
    public Task<AnswerRow> ReserveAsync(Guid token, Guid reserved, DateTimeOffset now, DateTimeOffset notBefore, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            session.Execute("DELETE FROM answers WHERE token = ?1 AND created_at < ?2", token, notBefore);
            session.Execute("INSERT INTO answers (token, reserved, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (token) DO NOTHING", token, reserved, now);
            return session.First(
                "SELECT reserved, created_at, status, body FROM answers WHERE token = ?1",
                r => new AnswerRow(token, r.Id(0), r.Time(1), r.IntOrNull(2), r.BytesOrNull(3), r.Id(0) == reserved),
                token)!;
        },
        cancellationToken);

    public Task CompleteAsync(Guid token, int status, byte[] body, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("UPDATE answers SET status = ?2, body = ?3 WHERE token = ?1 AND status IS NULL", token, status, body),
        cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("DELETE FROM answers WHERE token IN (SELECT token FROM answers WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)", before, limit),
        cancellationToken);
}
