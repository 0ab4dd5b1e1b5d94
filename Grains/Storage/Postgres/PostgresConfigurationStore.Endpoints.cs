using Npgsql;
using NpgsqlTypes;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Endpoints: each write raises the routing version in its transaction.</summary>
internal sealed partial class PostgresConfigurationStore
{
    private static readonly EndpointWrite TakenWrite = new(WriteVerdict.Taken, null, 0, 0);
    private static readonly EndpointWrite GoneWrite = new(WriteVerdict.Gone, null, 0, 0);

    public Task<EndpointWrite> CreateEndpointAsync(Guid application, EndpointDetails endpoint, CancellationToken cancellationToken) => InTransactionAsync(async (connection, head) =>
    {
        var id = Id(endpoint.Id);
        var numbered = endpoint with { Ordinal = head.Ordinal };
        await using var command = new NpgsqlCommand("""
            WITH made AS (
                INSERT INTO endpoints (id, application, ordinal, uid, details) VALUES ($1, $2, $3, $4, $5)
                RETURNING id, application, ordinal)
            INSERT INTO cursors (endpoint, application, ordinal, position, disabled)
            SELECT id, application, ordinal, $6, $7 FROM made
            """, connection)
            .With(id).With(application).With(head.Ordinal).With(NpgsqlDbType.Text, numbered.Uid).With(EndpointJson.Write(numbered))
            .With(head.Tail).With(numbered.Holds);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new EndpointWrite(WriteVerdict.Written, numbered, head.RoutingVersion, head.Tail);
    }, application, takesOrdinal: true, cancellationToken);

    public Task<EndpointWrite> UpdateEndpointAsync(Guid application, EndpointDetails endpoint, bool fence, AuditRow? audit, CancellationToken cancellationToken) => InTransactionAsync(async (connection, head) =>
    {
        await using var command = new NpgsqlCommand("""
            WITH changed AS (
                UPDATE endpoints SET uid = $2, details = $3 WHERE id = $1 AND application = $4 AND NOT deleted
                RETURNING id)
            UPDATE cursors SET disabled = $5, epoch = epoch + $6, disabled_reason = CASE WHEN $7 THEN disabled_reason END
            FROM changed WHERE endpoint = changed.id
            """, connection)
            .With(Id(endpoint.Id)).With(NpgsqlDbType.Text, endpoint.Uid).With(EndpointJson.Write(endpoint)).With(application)
            .With(endpoint.Holds).With(fence ? 1 : 0).With(endpoint.Disabled);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return GoneWrite;
        }

        if (audit is not null)
        {
            await using var entry = PostgresAuditLog.Bind(new NpgsqlCommand(PostgresAuditLog.Insert, connection), audit);
            await entry.ExecuteNonQueryAsync(cancellationToken);
        }

        return new EndpointWrite(WriteVerdict.Written, endpoint, head.RoutingVersion, head.Tail);
    }, application, takesOrdinal: false, cancellationToken);

    public Task<EndpointWrite> DeleteEndpointAsync(Guid application, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) => InTransactionAsync(async (connection, head) =>
    {
        await using var command = new NpgsqlCommand("""
            WITH gone AS (
                UPDATE endpoints SET deleted = true, uid = NULL WHERE id = $1 AND application = $2 AND NOT deleted
                RETURNING id)
            UPDATE cursors SET deleted = true, epoch = epoch + 1 FROM gone WHERE endpoint = gone.id
            """, connection).With(endpoint).With(application);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0
            ? new EndpointWrite(WriteVerdict.Written, null, head.RoutingVersion, head.Tail)
            : GoneWrite;
    }, application, takesOrdinal: false, cancellationToken);

    public Task<EndpointDetails?> FindEndpointAsync(Guid application, string idOrUid, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var isId = EntityId.TryParse(EntityId.Endpoint, idOrUid, out var id);
        await using var command = store.Reads.CreateCommand($"""
            SELECT details FROM endpoints WHERE {(isId ? "id = $1 AND application = $2" : "uid = $1 AND application = $2")} AND NOT deleted
            """);
        _ = isId ? command.With(id) : command.With(idOrUid);
        return (await command.With(application).ReadAllAsync(ReadEndpoint, cancellationToken)).FirstOrDefault();
    });

    public Task<EndpointDetails?> FindEndpointAsync(Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("SELECT details FROM endpoints WHERE id = $1 AND NOT deleted").With(endpoint);
        return (await command.ReadAllAsync(ReadEndpoint, cancellationToken)).FirstOrDefault();
    });

    public Task<Page<EndpointDetails>> ListEndpointsAsync(Guid application, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.Endpoint, page, out var start))
        {
            return new Page<EndpointDetails>([], false);
        }

        await using var command = store.Reads.CreateCommand($"""
            SELECT details FROM endpoints WHERE application = $1 AND NOT deleted {start.Where("id", "$3")}
            ORDER BY id {start.Direction} LIMIT $2
            """).With(application).With(page.Limit + 1);
        return start.Cut(await start.Bind(command).ReadAllAsync(ReadEndpoint, cancellationToken));
    });

    private static EndpointDetails ReadEndpoint(NpgsqlDataReader r) => EndpointJson.Read(r.GetString(0));

    private static Guid Id(string endpoint) => EntityId.TryParse(EntityId.Endpoint, endpoint, out var id)
        ? id
        : throw new ArgumentException("Not an endpoint's id: " + endpoint, nameof(endpoint));

    private readonly record struct LockedHead(long Tail, long RoutingVersion, int Ordinal);

    /// <summary>The head is locked and raised first: an append stands wholly before the change or wholly after it.</summary>
    private async Task<EndpointWrite> InTransactionAsync(
        Func<NpgsqlConnection, LockedHead, Task<EndpointWrite>> write, Guid application, bool takesOrdinal, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresErrors.RunAsync(async () =>
            {
                await using var connection = await store.Writes.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await using var raise = new NpgsqlCommand("""
                    UPDATE heads SET routing_version = routing_version + 1, next_ordinal = next_ordinal + $2
                    WHERE application = $1 AND NOT deleted
                    RETURNING tail, routing_version, next_ordinal - $2
                    """, connection).With(application).With(takesOrdinal ? 1 : 0);
                var head = await raise.ReadAllAsync(static r => new LockedHead(r.GetInt64(0), r.GetInt64(1), r.GetInt32(2)), cancellationToken);
                if (head.Count == 0)
                {
                    return GoneWrite;
                }

                var written = await write(connection, head[0]);
                if (written.Verdict == WriteVerdict.Written)
                {
                    await transaction.CommitAsync(cancellationToken);
                }

                return written;
            });
        }
        catch (StoreContentException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return TakenWrite;
        }
    }
}
