using System.Text.Json;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>What recovery and the silo's watch ask of SQLite, which one process owns.</summary>
internal sealed class SqliteClusterStore(SqliteStore store, TimeProvider time) : IClusterStore
{
    public string Name => "SQLite";

    public Task<OrphanedWork> FindOrphansAsync(IReadOnlyList<string> livingOwners, DateTimeOffset now, int limit, CancellationToken cancellationToken) => store.ReadAsync(
        session =>
        {
            var living = JsonSerializer.Serialize(livingOwners);
            var applications = session.Query(
                """
                SELECT h.application FROM heads AS h
                WHERE h.owner IS NOT NULL AND h.deleted = 0 AND h.owner NOT IN (SELECT value FROM json_each(?1))
                  AND EXISTS (SELECT 1 FROM cursors AS c WHERE c.application = h.application AND c.deleted = 0 AND c.disabled = 0 AND c.position < h.tail)
                LIMIT ?2
                """,
                static r => r.Id(0),
                living,
                limit);
            var endpoints = session.Query(
                """
                SELECT endpoint FROM (
                    SELECT c.endpoint AS endpoint, coalesce(c.next_attempt_at, c.taken_at) AS due
                    FROM cursors AS c JOIN heads AS h ON h.application = c.application
                    WHERE c.owner IS NOT NULL AND c.deleted = 0 AND c.owner NOT IN (SELECT value FROM json_each(?1)) AND c.disabled = 0
                      AND (c.position < h.tail OR EXISTS (SELECT 1 FROM parked AS p WHERE p.endpoint = c.endpoint AND (p.due IS NULL OR p.due <= ?2))
                           OR EXISTS (SELECT 1 FROM resends AS r WHERE r.endpoint = c.endpoint) OR EXISTS (SELECT 1 FROM recoveries AS q WHERE q.endpoint = c.endpoint AND q.status = 0))
                    UNION ALL
                    SELECT endpoint, wake_at AS due FROM cursors
                    WHERE wake_at IS NOT NULL AND wake_at <= ?2 AND deleted = 0 AND owner IS NULL AND disabled = 0)
                ORDER BY due LIMIT ?3
                """,
                static r => r.Id(0),
                living,
                now,
                limit);
            return new OrphanedWork(applications, endpoints);
        },
        cancellationToken);

    public Task<StoreSight> LookAsync(string siloAddress, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First("SELECT 1", _ => new StoreSight(time.GetUtcNow(), true)), cancellationToken);
}
