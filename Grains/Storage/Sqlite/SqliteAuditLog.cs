using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>The audit log in SQLite.</summary>
internal sealed class SqliteAuditLog(SqliteStore store) : IAuditLog
{
    private const string Columns = "id, organization, application, endpoint, at, actor, actor_name, action, note, details";

    /// <summary>Adds a row, also within the transaction of what it tells of.</summary>
    internal static void Insert(SqliteSession session, AuditRow row)
    {
        StorableText.Refuse(row.Organization, row.Actor, row.ActorName, row.Action, row.Note, row.Details);
        session.Execute(
            $"INSERT INTO audit ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
            row.Id,
            row.Organization,
            row.Application,
            row.Endpoint,
            row.At,
            row.Actor,
            row.ActorName,
            row.Action,
            row.Note,
            row.Details);
    }

    public Task AppendAsync(AuditRow row, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            Insert(session, row);
            return true;
        },
        cancellationToken);

    public Task<AuditRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First($"SELECT {Columns} FROM audit WHERE id = ?1", Read, id), cancellationToken);

    public Task<Page<AuditRow>> ListAsync(Guid application, Guid? endpoint, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            Guid? start = null;
            if (page.Iterator is not null)
            {
                if (!EntityId.TryParse(EntityId.AuditEntry, page.Iterator, out var id))
                {
                    return new Page<AuditRow>([], false);
                }

                start = id;
            }

            var walk = Walk.Of(page, afterAlone: false);
            var sql = $"SELECT {Columns} FROM audit WHERE "
                + (endpoint is null ? "application = ?1" : "endpoint = ?1")
                + (start is null ? " AND ?2 IS NULL" : walk.RunsDown ? " AND id < ?2" : " AND id > ?2")
                + (walk.RunsDown ? " ORDER BY id DESC LIMIT ?3" : " ORDER BY id LIMIT ?3");
            return walk.Cut(session.Query(sql, Read, endpoint ?? application, start, page.Limit + 1), page.Limit);
        },
        cancellationToken);

    private static AuditRow Read(SqliteDataReader r) => new(
        r.Id(0), r.GetString(1), r.Id(2), r.Id(3), r.Time(4), r.GetString(5), r.TextOrNull(6), r.GetString(7), r.TextOrNull(8), r.GetString(9));
}
