using Npgsql;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>What is left of deleted endpoints and applications.</summary>
internal sealed partial class PostgresRetentionStore
{
    // Rows of a tombstone go first, each call as many as it may; the tombstone goes when none is left.
    private const string Endpoints = """
        WITH old AS (
            SELECT id FROM endpoints AS e WHERE deleted AND buried_at < $1
              AND NOT EXISTS (SELECT FROM attempts AS t WHERE t.endpoint = e.id)
            ORDER BY buried_at LIMIT 10),
        p AS (DELETE FROM parked USING (SELECT endpoint, seq FROM parked WHERE endpoint IN (SELECT id FROM old) LIMIT $2) AS x
              WHERE parked.endpoint = x.endpoint AND parked.seq = x.seq RETURNING parked.endpoint),
        r AS (DELETE FROM resends USING (SELECT endpoint, seq FROM resends WHERE endpoint IN (SELECT id FROM old) LIMIT $2) AS x
              WHERE resends.endpoint = x.endpoint AND resends.seq = x.seq RETURNING resends.endpoint),
        d AS (DELETE FROM dead_letters USING (SELECT endpoint, from_seq, to_seq FROM dead_letters WHERE endpoint IN (SELECT id FROM old) LIMIT $2) AS x
              WHERE dead_letters.endpoint = x.endpoint AND dead_letters.from_seq = x.from_seq AND dead_letters.to_seq = x.to_seq RETURNING dead_letters.endpoint),
        bare AS (
            SELECT id FROM old
            WHERE NOT EXISTS (SELECT FROM p WHERE p.endpoint = id) AND NOT EXISTS (SELECT FROM r WHERE r.endpoint = id) AND NOT EXISTS (SELECT FROM d WHERE d.endpoint = id)),
        c AS (DELETE FROM cursors USING bare WHERE cursors.endpoint = bare.id),
        e AS (DELETE FROM endpoints USING bare WHERE endpoints.id = bare.id RETURNING endpoints.id)
        SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM r) + (SELECT count(*) FROM d) + (SELECT count(*) FROM e)
        """;

    private const string Applications = """
        WITH old AS (
            SELECT id FROM applications AS a WHERE deleted AND buried_at < $1
              AND NOT EXISTS (SELECT FROM endpoints AS e WHERE e.application = a.id)
              AND NOT EXISTS (SELECT FROM messages AS m WHERE m.application = a.id)
            ORDER BY buried_at LIMIT 10),
        s AS (DELETE FROM scheduled USING (SELECT application, id FROM scheduled WHERE application IN (SELECT id FROM old) LIMIT $2) AS x
              WHERE scheduled.application = x.application AND scheduled.id = x.id RETURNING scheduled.application),
        bare AS (SELECT id FROM old WHERE NOT EXISTS (SELECT FROM s WHERE s.application = id)),
        h AS (DELETE FROM heads USING bare WHERE heads.application = bare.id),
        a AS (DELETE FROM applications USING bare WHERE applications.id = bare.id RETURNING applications.id)
        SELECT (SELECT count(*) FROM s) + (SELECT count(*) FROM a)
        """;

    public Task<int> BuryAsync(DateTimeOffset now, DateTimeOffset before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var changed = 0;
        foreach (var table in (string[])["endpoints", "applications"])
        {
            await using var mark = store.Writes.CreateCommand($"""
                UPDATE {table} SET buried_at = $1 WHERE id IN (SELECT id FROM {table} WHERE deleted AND buried_at IS NULL LIMIT $2)
                """).With(now.UtcDateTime).With(limit);
            changed += await mark.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var sql in (string[])[Endpoints, Applications])
        {
            await using var remove = store.Writes.CreateCommand(sql).With(before.UtcDateTime).With(limit);
            changed += (int)(long)(await remove.ExecuteScalarAsync(cancellationToken))!;
        }

        return changed;
    });
}
