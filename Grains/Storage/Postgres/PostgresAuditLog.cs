using Npgsql;
using NpgsqlTypes;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>The audit log in PostgreSQL.</summary>
internal sealed class PostgresAuditLog(PostgresStore store) : IAuditLog
{
    /// <summary>Adds a row, also within the transaction of what it tells of.</summary>
    internal const string Insert = """
        INSERT INTO audit (id, organization, application, endpoint, at, actor, actor_name, action, note, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Columns = "id, organization, application, endpoint, at, actor, actor_name, action, note, details";

    internal static NpgsqlCommand Bind(NpgsqlCommand command, AuditRow row) => command
        .With(row.Id).With(row.Organization).With(row.Application).With(row.Endpoint).With(row.At.UtcDateTime).With(row.Actor)
        .With(NpgsqlDbType.Text, row.ActorName).With(row.Action).With(NpgsqlDbType.Text, row.Note).With(row.Details);

    public Task AppendAsync(AuditRow row, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = Bind(store.Writes.CreateCommand(Insert), row);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<AuditRow?> FindAsync(Guid id, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand($"SELECT {Columns} FROM audit WHERE id = $1").With(id);
        return (await command.ReadAllAsync(Read, cancellationToken)).FirstOrDefault();
    });

    public Task<Page<AuditRow>> ListAsync(Guid application, Guid? endpoint, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.AuditEntry, page, out var start))
        {
            return new Page<AuditRow>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT {Columns} FROM audit WHERE {(endpoint is null ? "application = $1" : "endpoint = $1")} {start.Where("id", "$3")}
            ORDER BY id {start.Direction} LIMIT $2
            """).With(endpoint ?? application).With(page.Limit + 1);
        return start.Cut(await start.Bind(command).ReadAllAsync(Read, cancellationToken));
    });

    private static AuditRow Read(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.GetGuid(2), r.GetGuid(3), r.Time(4), r.GetString(5), r.TextOrNull(6), r.GetString(7), r.TextOrNull(8), r.GetString(9));
}
