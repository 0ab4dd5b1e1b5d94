using Npgsql;
using NpgsqlTypes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Configuration in PostgreSQL. What changes routing locks the head first, so that it stands before or after each append.</summary>
internal sealed partial class PostgresConfigurationStore(PostgresStore store) : IConfigurationStore
{
    internal const string ApplicationColumns =
        "a.id, a.organization, a.deleted, a.uid, a.name, a.throttle_rate, a.metadata, a.created_at, a.updated_at";

    internal const int ApplicationColumnCount = 9;

    public Task<WriteVerdict> CreateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            WITH made AS (
                INSERT INTO applications (id, organization, uid, name, throttle_rate, metadata, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                RETURNING id)
            INSERT INTO heads (application) SELECT id FROM made
            """)
            .With(row.Id).With(row.Organization)
            .With(NpgsqlDbType.Text, row.Details.Uid).With(row.Details.Name).With(NpgsqlDbType.Integer, row.Details.ThrottleRate)
            .With(EndpointJson.Write(row.Details.Metadata)).With(row.Details.CreatedAt.UtcDateTime).With(row.Details.UpdatedAt.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return WriteVerdict.Written;
    });

    public Task<WriteVerdict> UpdateApplicationAsync(ApplicationRow row, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            UPDATE applications SET uid = $2, name = $3, throttle_rate = $4, metadata = $5, updated_at = $6
            WHERE id = $1 AND NOT deleted
            """)
            .With(row.Id).With(NpgsqlDbType.Text, row.Details.Uid).With(row.Details.Name).With(NpgsqlDbType.Integer, row.Details.ThrottleRate)
            .With(EndpointJson.Write(row.Details.Metadata)).With(row.Details.UpdatedAt.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0 ? WriteVerdict.Written : WriteVerdict.Gone;
    });

    public Task DeleteApplicationAsync(Guid application, DateTimeOffset now, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            WITH head AS (
                UPDATE heads SET deleted = true, routing_version = routing_version + 1
                WHERE application = $1 AND NOT deleted
                RETURNING application),
            gone AS (UPDATE applications SET deleted = true, uid = NULL, updated_at = $2 FROM head WHERE id = head.application),
            ends AS (UPDATE endpoints AS e SET deleted = true, uid = NULL FROM head WHERE e.application = head.application)
            UPDATE cursors AS c SET deleted = true, epoch = c.epoch + 1 FROM head WHERE c.application = head.application AND NOT c.deleted
            """).With(application).With(now.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<ApplicationRow?> FindApplicationAsync(string organization, string idOrUid, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var isId = EntityId.TryParse(EntityId.Application, idOrUid, out var id);
        await using var command = store.Reads.CreateCommand($"""
            SELECT {ApplicationColumns} FROM applications AS a
            WHERE {(isId ? "a.id = $1 AND a.organization = $2" : "a.uid = $1 AND a.organization = $2")} AND NOT a.deleted
            """);
        _ = isId ? command.With(id) : command.With(idOrUid);
        return (await command.With(organization).ReadAllAsync(static r => ReadApplication(r, 0), cancellationToken)).FirstOrDefault();
    });

    public Task<ApplicationRow?> FindApplicationAsync(Guid application, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand($"SELECT {ApplicationColumns} FROM applications AS a WHERE a.id = $1 AND NOT a.deleted").With(application);
        return (await command.ReadAllAsync(static r => ReadApplication(r, 0), cancellationToken)).FirstOrDefault();
    });

    public Task<Page<ApplicationRow>> ListApplicationsAsync(string organization, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.Application, page, out var start))
        {
            return new Page<ApplicationRow>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT {ApplicationColumns} FROM applications AS a
            WHERE a.organization = $1 AND NOT a.deleted {start.Where("a.id", "$3")}
            ORDER BY a.id {start.Direction} LIMIT $2
            """).With(organization).With(page.Limit + 1);
        return start.Cut(await start.Bind(command).ReadAllAsync(static r => ReadApplication(r, 0), cancellationToken));
    });

    public Task<IReadOnlyList<string>> FindUnknownEventTypesAsync(string organization, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<string>>(async () =>
        {
            await using var command = store.Reads.CreateCommand("""
                SELECT n FROM unnest($2::text[]) AS n
                WHERE NOT EXISTS (SELECT FROM event_types WHERE organization = $1 AND name = n COLLATE "C" AND NOT archived)
                """).With(organization).With(names.ToArray());
            return await command.ReadAllAsync(static r => r.GetString(0), cancellationToken);
        });

    public Task<WriteVerdict> CreateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            INSERT INTO event_types AS t (organization, name, archived, details) VALUES ($1, $2, $3, $4)
            ON CONFLICT (organization, name) DO UPDATE SET archived = excluded.archived, details = excluded.details
            WHERE t.archived
            """).With(organization).With(type.Name).With(type.Archived).With(EndpointJson.Write(type));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0 ? WriteVerdict.Written : WriteVerdict.Taken;
    });

    public Task<WriteVerdict> UpdateEventTypeAsync(string organization, EventTypeDetails type, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE event_types SET archived = $3, details = $4 WHERE organization = $1 AND name = $2")
            .With(organization).With(type.Name).With(type.Archived).With(EndpointJson.Write(type));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0 ? WriteVerdict.Written : WriteVerdict.Gone;
    });

    public async Task<WriteVerdict> DeleteEventTypeAsync(string organization, string name, bool expunge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (expunge)
        {
            return await PostgresErrors.RunAsync(async () =>
            {
                await using var command = store.Writes.CreateCommand("DELETE FROM event_types WHERE organization = $1 AND name = $2").With(organization).With(name);
                return await command.ExecuteNonQueryAsync(cancellationToken) > 0 ? WriteVerdict.Written : WriteVerdict.Gone;
            });
        }

        return await FindEventTypeAsync(organization, name, cancellationToken) is { } type
            ? await UpdateEventTypeAsync(organization, type with { Archived = true, UpdatedAt = now }, cancellationToken)
            : WriteVerdict.Gone;
    }

    public Task<EventTypeDetails?> FindEventTypeAsync(string organization, string name, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand("SELECT details FROM event_types WHERE organization = $1 AND name = $2").With(organization).With(name);
        return (await command.ReadAllAsync(static r => EndpointJson.ReadEventType(r.GetString(0)), cancellationToken)).FirstOrDefault();
    });

    public Task<Page<EventTypeDetails>> ListEventTypesAsync(string organization, PageRequest page, bool includeArchived, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var start = IdPage.ByName(page);
        await using var command = store.Reads.CreateCommand($"""
            SELECT details FROM event_types
            WHERE organization = $1 {(includeArchived ? "" : "AND NOT archived")} {start.Where("name", "$3")}
            ORDER BY name {start.Direction} LIMIT $2
            """).With(organization).With(page.Limit + 1);
        return start.Cut(await start.Bind(command).ReadAllAsync(static r => EndpointJson.ReadEventType(r.GetString(0)), cancellationToken));
    });

    internal static ApplicationRow ReadApplication(NpgsqlDataReader r, int at) => new(
        r.GetGuid(at),
        r.GetString(at + 1),
        r.GetBoolean(at + 2),
        new ApplicationDetails(
            EntityId.Format(EntityId.Application, r.GetGuid(at)),
            r.TextOrNull(at + 3),
            r.GetString(at + 4),
            r.IntOrNull(at + 5),
            EndpointJson.ReadMap(r.GetString(at + 6)),
            r.Time(at + 7),
            r.Time(at + 8)));

    /// <summary>A write that may meet a taken uid.</summary>
    private static async Task<WriteVerdict> WriteAsync(Func<Task<WriteVerdict>> write)
    {
        try
        {
            return await PostgresErrors.RunAsync(write);
        }
        catch (StoreContentException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return WriteVerdict.Taken;
        }
    }
}
