namespace Webhooks.Grains.Storage.Postgres;

/// <summary>What recovery and the silo's watch ask of PostgreSQL.</summary>
internal sealed class PostgresClusterStore(PostgresStore store) : IClusterStore
{
    public string Name => "PostgreSQL";

    private const int Active = 3;

    public Task<OrphanedWork> FindOrphansAsync(IReadOnlyList<string> livingOwners, DateTimeOffset now, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var living = livingOwners.ToArray();
        await using var applications = store.Reads.CreateCommand("""
            SELECT h.application FROM heads AS h
            WHERE h.owner IS NOT NULL AND h.owner <> ALL($1) AND NOT h.deleted
              AND EXISTS (SELECT FROM cursors AS c WHERE c.application = h.application AND NOT c.deleted AND NOT c.disabled AND c.position < h.tail)
            LIMIT $2
            """).With(living).With(limit);
        await using var endpoints = store.Reads.CreateCommand("""
            SELECT endpoint FROM (
                (SELECT c.endpoint, coalesce(c.next_attempt_at, c.taken_at) AS due
                 FROM cursors AS c
                 JOIN heads AS h ON h.application = c.application
                 WHERE c.owner IS NOT NULL AND c.owner <> ALL($1) AND NOT c.deleted AND NOT c.disabled
                   AND (c.position < h.tail OR EXISTS (SELECT FROM parked AS p WHERE p.endpoint = c.endpoint AND (p.due IS NULL OR p.due <= $2))
                        OR EXISTS (SELECT FROM resends AS r WHERE r.endpoint = c.endpoint) OR EXISTS (SELECT FROM recoveries AS q WHERE q.endpoint = c.endpoint AND q.status = 0))
                 ORDER BY due LIMIT $3)
                UNION ALL
                (SELECT endpoint, wake_at AS due FROM cursors
                 WHERE wake_at <= $2 AND owner IS NULL AND NOT deleted AND NOT disabled
                 ORDER BY wake_at LIMIT $3)) AS work
            ORDER BY due LIMIT $3
            """).With(living).With(now.UtcDateTime).With(limit);
        return new OrphanedWork(
            await applications.ReadAllAsync(static r => r.GetGuid(0), cancellationToken),
            await endpoints.ReadAllAsync(static r => r.GetGuid(0), cancellationToken));
    });

    public Task<StoreSight> LookAsync(string siloAddress, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        // ip:port@generation, as Orleans writes a silo's address.
        var at = siloAddress.LastIndexOf('@');
        var colon = siloAddress.LastIndexOf(':', at < 0 ? siloAddress.Length - 1 : at);
        if (at < 0 || colon < 0)
        {
            throw new ArgumentException("Not a silo's address: " + siloAddress, nameof(siloAddress));
        }

        await using var command = store.Writes.CreateCommand("""
            SELECT clock_timestamp(), EXISTS (
                SELECT FROM orleans_membership WHERE address = $1 AND port = $2 AND generation = $3 AND status = $4)
            """)
            .With(siloAddress[..colon].Trim('[', ']'))
            .With(int.Parse(siloAddress.AsSpan(colon + 1, at - colon - 1), System.Globalization.CultureInfo.InvariantCulture))
            .With(int.Parse(siloAddress.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture))
            .With(Active);
        return (await command.ReadAllAsync(static r => new StoreSight(r.Time(0), r.GetBoolean(1)), cancellationToken))[0];
    });
}
