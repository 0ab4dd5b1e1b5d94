using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Endpoints: each write raises the routing version in its transaction.</summary>
internal sealed partial class SqliteConfigurationStore
{
    private static readonly EndpointWrite TakenWrite = new(WriteVerdict.Taken, null, 0, 0);
    private static readonly EndpointWrite GoneWrite = new(WriteVerdict.Gone, null, 0, 0);

    private sealed record RaisedHead(long Tail, long RoutingVersion, int Ordinal);

    public Task<EndpointWrite> CreateEndpointAsync(Guid application, EndpointDetails endpoint, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            StorableText.Refuse(endpoint.Uid);
            if (Raise(session, application, ordinals: 1) is not { } head)
            {
                return GoneWrite;
            }

            var numbered = endpoint with { Ordinal = head.Ordinal };
            var id = Id(endpoint.Id);
            session.Execute(
                "INSERT INTO endpoints (id, application, ordinal, uid, details) VALUES (?1, ?2, ?3, ?4, ?5)",
                id,
                application,
                head.Ordinal,
                numbered.Uid,
                EndpointJson.Write(numbered));
            session.Execute(
                "INSERT INTO cursors (endpoint, application, ordinal, position, disabled) VALUES (?1, ?2, ?3, ?4, ?5)",
                id,
                application,
                head.Ordinal,
                head.Tail,
                numbered.Holds);
            return new EndpointWrite(WriteVerdict.Written, numbered, head.RoutingVersion, head.Tail);
        },
        TakenWrite,
        cancellationToken);

    public Task<EndpointWrite> UpdateEndpointAsync(Guid application, EndpointDetails endpoint, bool fence, AuditRow? audit, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            StorableText.Refuse(endpoint.Uid);
            var id = Id(endpoint.Id);
            if (session.Execute(
                    "UPDATE endpoints SET uid = ?2, details = ?3 WHERE id = ?1 AND application = ?4 AND deleted = 0",
                    id,
                    endpoint.Uid,
                    EndpointJson.Write(endpoint),
                    application) == 0
                || Raise(session, application, ordinals: 0) is not { } head)
            {
                return GoneWrite;
            }

            session.Execute(
                "UPDATE cursors SET disabled = ?2, epoch = epoch + ?3, disabled_reason = CASE WHEN ?4 THEN disabled_reason END WHERE endpoint = ?1",
                id,
                endpoint.Holds,
                fence ? 1 : 0,
                endpoint.Disabled);
            if (audit is not null)
            {
                SqliteAuditLog.Insert(session, audit);
            }

            return new EndpointWrite(WriteVerdict.Written, endpoint, head.RoutingVersion, head.Tail);
        },
        TakenWrite,
        cancellationToken);

    public Task<EndpointWrite> DeleteEndpointAsync(Guid application, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            if (session.Execute("UPDATE endpoints SET deleted = 1, uid = NULL WHERE id = ?1 AND application = ?2 AND deleted = 0", endpoint, application) == 0
                || Raise(session, application, ordinals: 0) is not { } head)
            {
                return GoneWrite;
            }

            session.Execute("UPDATE cursors SET deleted = 1, epoch = epoch + 1 WHERE endpoint = ?1", endpoint);
            return new EndpointWrite(WriteVerdict.Written, null, head.RoutingVersion, head.Tail);
        },
        cancellationToken);

    public Task<EndpointDetails?> FindEndpointAsync(Guid application, string idOrUid, CancellationToken cancellationToken) => store.ReadAsync(
        session => EntityId.TryParse(EntityId.Endpoint, idOrUid, out var id)
            ? session.First("SELECT details FROM endpoints WHERE id = ?1 AND application = ?2 AND deleted = 0", ReadEndpoint, id, application)
            : session.First("SELECT details FROM endpoints WHERE uid = ?1 AND application = ?2 AND deleted = 0", ReadEndpoint, idOrUid, application),
        cancellationToken);

    public Task<EndpointDetails?> FindEndpointAsync(Guid endpoint, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First("SELECT details FROM endpoints WHERE id = ?1 AND deleted = 0", ReadEndpoint, endpoint), cancellationToken);

    public Task<Page<EndpointDetails>> ListEndpointsAsync(Guid application, PageRequest page, CancellationToken cancellationToken) => store.ReadAsync(
        session => ListById("SELECT details FROM endpoints WHERE application = ?1 AND deleted = 0", EntityId.Endpoint, session, ReadEndpoint, application, page),
        cancellationToken);

    private static EndpointDetails ReadEndpoint(SqliteDataReader r) => EndpointJson.Read(r.GetString(0));

    private static Guid Id(string endpoint) => EntityId.TryParse(EntityId.Endpoint, endpoint, out var id)
        ? id
        : throw new ArgumentException("Not an endpoint's id: " + endpoint, nameof(endpoint));

    private static RaisedHead? Raise(SqliteSession session, Guid application, int ordinals) =>
        session.Execute(
            "UPDATE heads SET routing_version = routing_version + 1, next_ordinal = next_ordinal + ?2 WHERE application = ?1 AND deleted = 0",
            application,
            ordinals) == 0
            ? null
            : session.First(
                "SELECT tail, routing_version, next_ordinal - ?2 FROM heads WHERE application = ?1",
                static r => new RaisedHead(r.GetInt64(0), r.GetInt64(1), r.GetInt32(2)),
                application,
                ordinals);
}
