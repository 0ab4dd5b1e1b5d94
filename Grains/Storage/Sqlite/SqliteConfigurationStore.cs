using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Configuration in SQLite.</summary>
internal sealed partial class SqliteConfigurationStore(SqliteStore store) : IConfigurationStore
{
    internal const string ApplicationColumns = "id, organization, deleted, uid, name, throttle_rate, metadata, created_at, updated_at";

    public Task<WriteVerdict> CreateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            StorableText.Refuse(row.Details.Uid, row.Details.Name);
            session.Execute(
                """
                INSERT INTO applications (id, organization, uid, name, throttle_rate, metadata, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                row.Id,
                row.Organization,
                row.Details.Uid,
                row.Details.Name,
                row.Details.ThrottleRate,
                EndpointJson.Write(row.Details.Metadata),
                row.Details.CreatedAt,
                row.Details.UpdatedAt);
            session.Execute("INSERT INTO heads (application) VALUES (?1)", row.Id);
            return WriteVerdict.Written;
        },
        WriteVerdict.Taken,
        cancellationToken);

    public Task<WriteVerdict> UpdateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            StorableText.Refuse(row.Details.Uid, row.Details.Name);
            return session.Execute(
                "UPDATE applications SET uid = ?2, name = ?3, throttle_rate = ?4, metadata = ?5, updated_at = ?6 WHERE id = ?1 AND deleted = 0",
                row.Id,
                row.Details.Uid,
                row.Details.Name,
                row.Details.ThrottleRate,
                EndpointJson.Write(row.Details.Metadata),
                row.Details.UpdatedAt) > 0
                ? WriteVerdict.Written
                : WriteVerdict.Gone;
        },
        WriteVerdict.Taken,
        cancellationToken);

    public Task DeleteApplicationAsync(Guid application, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            if (session.Execute("UPDATE heads SET deleted = 1, routing_version = routing_version + 1 WHERE application = ?1 AND deleted = 0", application) > 0)
            {
                session.Execute("UPDATE applications SET deleted = 1, uid = NULL, updated_at = ?2 WHERE id = ?1", application, now);
                session.Execute("UPDATE endpoints SET deleted = 1, uid = NULL WHERE application = ?1", application);
                session.Execute("UPDATE cursors SET deleted = 1, epoch = epoch + 1 WHERE application = ?1 AND deleted = 0", application);
            }

            return true;
        },
        cancellationToken);

    public Task<ApplicationRow?> FindApplicationAsync(string organization, string idOrUid, CancellationToken cancellationToken) => store.ReadAsync(
        session => EntityId.TryParse(EntityId.Application, idOrUid, out var id)
            ? session.First($"SELECT {ApplicationColumns} FROM applications WHERE id = ?1 AND organization = ?2 AND deleted = 0", ReadApplication, id, organization)
            : session.First($"SELECT {ApplicationColumns} FROM applications WHERE uid = ?1 AND organization = ?2 AND deleted = 0", ReadApplication, idOrUid, organization),
        cancellationToken);

    public Task<ApplicationRow?> FindApplicationAsync(Guid application, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First($"SELECT {ApplicationColumns} FROM applications WHERE id = ?1 AND deleted = 0", ReadApplication, application),
        cancellationToken);

    public Task<Page<ApplicationRow>> ListApplicationsAsync(string organization, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session => ListById($"SELECT {ApplicationColumns} FROM applications WHERE organization = ?1 AND deleted = 0", EntityId.Application, session, ReadApplication, organization, page),
        cancellationToken);

    public Task<IReadOnlyList<string>> FindUnknownEventTypesAsync(string organization, IReadOnlyList<string> names, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<string>>(
        session => session.Query(
            "SELECT value FROM json_each(?2) WHERE value NOT IN (SELECT name FROM event_types WHERE organization = ?1 AND archived = 0 AND name IN (SELECT value FROM json_each(?2)))",
            static r => r.GetString(0),
            organization,
            JsonSerializer.Serialize(names)),
        cancellationToken);

    public Task<WriteVerdict> CreateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            """
            INSERT INTO event_types (organization, name, archived, details) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (organization, name) DO UPDATE SET archived = excluded.archived, details = excluded.details
            WHERE event_types.archived = 1
            """,
            organization,
            type.Name,
            type.Archived,
            EndpointJson.Write(type)) > 0
            ? WriteVerdict.Written
            : WriteVerdict.Taken,
        cancellationToken);

    public Task<WriteVerdict> UpdateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken) =>
        store.WriteAsync(session => Update(session, organization, type), cancellationToken);

    public Task<WriteVerdict> DeleteEventTypeAsync(string organization, string name, bool expunge, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            if (expunge)
            {
                return session.Execute("DELETE FROM event_types WHERE organization = ?1 AND name = ?2", organization, name) > 0 ? WriteVerdict.Written : WriteVerdict.Gone;
            }

            return Find(session, organization, name) is { } type
                ? Update(session, organization, type with { Archived = true, UpdatedAt = now })
                : WriteVerdict.Gone;
        },
        cancellationToken);

    public Task<EventTypeDetails?> FindEventTypeAsync(string organization, string name, CancellationToken cancellationToken) =>
        store.ReadAsync(session => Find(session, organization, name), cancellationToken);

    public Task<Page<EventTypeDetails>> ListEventTypesAsync(string organization, PageRequest page, bool includeArchived, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var walk = Walk.Of(page, afterAlone: false);
            var sql = "SELECT details FROM event_types WHERE organization = ?1"
                + (includeArchived ? "" : " AND archived = 0")
                + (page.Iterator is null ? " AND ?2 IS NULL" : walk.RunsDown ? " AND name < ?2" : " AND name > ?2")
                + (walk.RunsDown ? " ORDER BY name DESC LIMIT ?3" : " ORDER BY name LIMIT ?3");
            return walk.Cut(session.Query(sql, static r => EndpointJson.ReadEventType(r.GetString(0)), organization, page.Iterator, page.Limit + 1), page.Limit);
        },
        cancellationToken);

    internal static ApplicationRow ReadApplication(SqliteDataReader r) => new(
        r.Id(0),
        r.GetString(1),
        r.GetBoolean(2),
        new ApplicationDetails(
            EntityId.Format(EntityId.Application, r.Id(0)),
            r.TextOrNull(3),
            r.GetString(4),
            r.IntOrNull(5),
            EndpointJson.ReadMap(r.GetString(6)),
            r.Time(7),
            r.Time(8)));

    private static EventTypeDetails? Find(SqliteSession session, string organization, string name) => session.First(
        "SELECT details FROM event_types WHERE organization = ?1 AND name = ?2",
        static r => EndpointJson.ReadEventType(r.GetString(0)),
        organization,
        name);

    private static WriteVerdict Update(SqliteSession session, string organization, EventTypeDetails type) => session.Execute(
        "UPDATE event_types SET archived = ?3, details = ?4 WHERE organization = ?1 AND name = ?2",
        organization,
        type.Name,
        type.Archived,
        EndpointJson.Write(type)) > 0
        ? WriteVerdict.Written
        : WriteVerdict.Gone;

    /// <summary>A page of rows sorted by id. The scope binds <c>?1</c>.</summary>
    private static Page<T> ListById<T>(string select, string prefix, SqliteSession session, Func<SqliteDataReader, T> read, object scope, PageRequest page)
    {
        var walk = Walk.Of(page, afterAlone: false);
        Guid? start = null;
        if (page.Iterator is not null)
        {
            if (!EntityId.TryParse(prefix, page.Iterator, out var id))
            {
                return new Page<T>([], false);
            }

            start = id;
        }

        var sql = select
            + (start is null ? " AND ?2 IS NULL" : walk.RunsDown ? " AND id < ?2" : " AND id > ?2")
            + (walk.RunsDown ? " ORDER BY id DESC LIMIT ?3" : " ORDER BY id LIMIT ?3");
        return walk.Cut(session.Query(sql, read, scope, start, page.Limit + 1), page.Limit);
    }

    /// <summary>A write that may meet a taken uid.</summary>
    private async Task<T> WriteAsync<T>(Func<SqliteSession, T> write, T taken, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(write, cancellationToken);
        }
        catch (StoreContentException error) when (SqliteErrors.IsTaken(error))
        {
            return taken;
        }
    }
}
