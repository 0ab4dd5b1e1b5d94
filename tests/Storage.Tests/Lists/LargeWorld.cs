using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Storage.Postgres;
using Webhooks.Grains.Storage.Sqlite;

namespace Webhooks.Storage.Tests.Lists;

/// <summary>
/// One application with ten endpoints, 100,000 messages and 1,000,000 attempts (one per message and endpoint, each
/// hundredth of them failed for good, another hundredth to be repeated), among other applications and event types.
/// </summary>
internal sealed record LargeWorld(string Organization, Guid Application, Guid Endpoint, string Message, Guid Act)
{
    public const int Messages = 100_000;
    public const int Endpoints = 10;

    /// <summary>Days that the messages lie in, each a partition of its own in PostgreSQL.</summary>
    public const int Days = 30;

    private const int Neighbours = 300;
    private const int Acts = 20_000;
    private const long FirstMillisecond = 1_750_000_000_000;
    private const long Step = 26_000;

    /// <summary>When the message in the middle was accepted: one message each 26 seconds, over thirty days.</summary>
    public static DateTimeOffset Middle { get; } = DateTimeOffset.FromUnixTimeMilliseconds(FirstMillisecond + (Messages / 2 * Step));

    public static async Task<LargeWorld> OnPostgresAsync(StoreSet store, string connectionString)
    {
        var (world, endpoints) = await PlantAsync(store);
        await using var source = NpgsqlDataSource.Create(connectionString + ";Command Timeout=300");
        for (var first = DateTimeOffset.FromUnixTimeMilliseconds(FirstMillisecond); first < Middle.AddDays(16); first = first.AddDays(4))
        {
            await store.Service<PostgresPartitions>().MakeAheadAsync(first, CancellationToken.None);
        }

        await ExecuteAsync(source, $$"""
            INSERT INTO messages (application, seq, id, token, accepted_at, event_type, channels, tags, recipients)
            SELECT $1, n, (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(),
                   to_timestamp(({{FirstMillisecond}} + n * {{Step}}) / 1000.0), 'type.' || (n % 10), '["c' || (n % 10) || '"]', '["t' || (n % 10) || '"]', $2
            FROM (SELECT n, lpad(to_hex({{FirstMillisecond}} + n * {{Step}}), 12, '0') AS h FROM generate_series(1::bigint, {{Messages}}) AS n) AS x
            """, world.Application, Enumerable.Range(1, Endpoints).ToArray());
        await ExecuteAsync(source, $$"""
            INSERT INTO attempts (application, seq, id, endpoint, message, started_at, status, status_code, duration_ms, trigger_type, url, response, next_attempt_at)
            SELECT $1, n, (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-b000-' || lpad(to_hex(n * 16 + e), 12, '0'))::uuid, ($2::uuid[])[e],
                   (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   to_timestamp(({{FirstMillisecond}} + n * {{Step}}) / 1000.0), CASE WHEN n % 100 < 2 THEN 2 ELSE 0 END, CASE WHEN n % 100 < 2 THEN 500 ELSE 200 END,
                   3, 0, 'https://receiver.example/', 'ok', CASE WHEN n % 100 = 1 THEN now() END
            FROM (SELECT n, e, lpad(to_hex({{FirstMillisecond}} + n * {{Step}}), 12, '0') AS h FROM generate_series(1::bigint, {{Messages}}) AS n, generate_series(1, {{Endpoints}}) AS e) AS x
            """, world.Application, endpoints);
        await ExecuteAsync(source, "INSERT INTO payloads (day, application, seq, payload) SELECT (accepted_at AT TIME ZONE 'UTC')::date, application, seq, '{\"n\":1}' FROM messages");
        await ExecuteAsync(source, $"INSERT INTO parked SELECT $1, n, 1, n, 1, now() FROM generate_series(1, {Messages}, 100) AS n", world.Endpoint);
        await ExecuteAsync(source, $"INSERT INTO dead_letters SELECT $1, n, n, 'exhausted', now() FROM generate_series(100, {Messages}, 100) AS n", world.Endpoint);
        await ExecuteAsync(source, $$"""
            INSERT INTO audit (id, organization, application, endpoint, at, actor, action, details)
            SELECT ('01900000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'org_large', $1, ($2::uuid[])[1 + n % {{Endpoints}}], now(), 'organization org_large', 'endpoint.paused', '{}'
            FROM generate_series(1, {{Acts}}) AS n
            """, world.Application, endpoints);
        await ExecuteAsync(source, $"UPDATE heads SET tail = {Messages} WHERE application = $1", world.Application);
        await ExecuteAsync(source, $"UPDATE cursors SET position = {Messages / 2} WHERE application = $1", world.Application);
        await ExecuteAsync(source, "VACUUM ANALYZE");
        return world;
    }

    public static async Task<LargeWorld> OnSqliteAsync(StoreSet store, SqliteStore sqlite)
    {
        var (world, endpoints) = await PlantAsync(store);
        const string Numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ";
        await sqlite.WriteAsync(
            session =>
            {
                session.Execute(
                    Numbers + $$"""
                    {{Messages}})
                    INSERT INTO messages (application, seq, id, token, accepted_at, event_type, channels, tags, recipients, payload)
                    SELECT ?1, n, unhex(printf('%012x7000a000%012x', {{FirstMillisecond}} + n * {{Step}}, n)), randomblob(16), ({{FirstMillisecond}} + n * {{Step}}) * 1000, 'type.' || (n % 10),
                           '["c' || (n % 10) || '"]', '["t' || (n % 10) || '"]', ?2, '{"n":1}'
                    FROM n
                    """,
                    world.Application,
                    Recipients.Write([.. Enumerable.Range(1, Endpoints)]));
                foreach (var (index, endpoint) in endpoints.Index())
                {
                    session.Execute(
                        Numbers + $$"""
                        {{Messages}})
                        INSERT INTO attempts (application, seq, id, endpoint, message, started_at, status, status_code, duration_ms, trigger_type, url, response, next_attempt_at)
                        SELECT ?1, n, unhex(printf('%012x7000b000%012x', {{FirstMillisecond}} + n * {{Step}}, n * 16 + {{index + 1}})), ?2, unhex(printf('%012x7000a000%012x', {{FirstMillisecond}} + n * {{Step}}, n)),
                               ({{FirstMillisecond}} + n * {{Step}}) * 1000, CASE WHEN n % 100 < 2 THEN 2 ELSE 0 END, CASE WHEN n % 100 < 2 THEN 500 ELSE 200 END,
                               3, 0, 'https://receiver.example/', CAST('ok' AS BLOB), CASE WHEN n % 100 = 1 THEN 1 END
                        FROM n
                        """,
                        world.Application,
                        endpoint);
                }

                session.Execute(Numbers + $"{Messages / 100}) INSERT INTO parked SELECT ?1, (n - 1) * 100 + 1, 1, n, 1, 1 FROM n", world.Endpoint);
                session.Execute(Numbers + $"{Messages / 100}) INSERT INTO dead_letters SELECT ?1, n * 100, n * 100, 'exhausted', 1 FROM n", world.Endpoint);
                session.Execute(
                    Numbers + $$"""
                    {{Acts}})
                    INSERT INTO audit (id, organization, application, endpoint, at, actor, action, details)
                    SELECT unhex(printf('0190000000007000a000%012x', n)), 'org_large', ?1, CASE WHEN n % {{Endpoints}} = 0 THEN ?2 ELSE ?3 END, 1, 'organization org_large', 'endpoint.paused', '{}'
                    FROM n
                    """,
                    world.Application,
                    world.Endpoint,
                    endpoints[1]);
                session.Execute($"UPDATE heads SET tail = {Messages} WHERE application = ?1", world.Application);
                session.Execute($"UPDATE cursors SET position = {Messages / 2} WHERE application = ?1", world.Application);
                return true;
            },
            CancellationToken.None);
        return world;
    }

    private static async Task<(LargeWorld World, Guid[] Endpoints)> PlantAsync(StoreSet store)
    {
        var organization = "org_large";
        var application = await Given.ApplicationAsync(store);
        var endpoints = new Guid[Endpoints];
        for (var i = 0; i < Endpoints; i++)
        {
            endpoints[i] = Given.Id(await Given.EndpointAsync(store, application));
        }

        for (var i = 0; i < Neighbours; i++)
        {
            await store.Configuration.CreateApplicationAsync(Given.ApplicationRow("app-" + i, organization), CancellationToken.None);
            await store.Configuration.CreateEventTypeAsync(organization, new EventTypeDetails { Name = "type." + i, Description = "" }, CancellationToken.None);
        }

        var middle = Middle.ToUnixTimeMilliseconds();
        var message = new Guid(Convert.FromHexString($"{middle:x12}7000a000{Messages / 2:x12}"), bigEndian: true);
        var world = new LargeWorld(organization, application, endpoints[0], EntityId.Format(EntityId.Message, message), new Guid("01900000-0000-7000-a000-000000000001"));
        for (var i = 0; i < Neighbours; i++)
        {
            await store.Recoveries.CreateAsync(Given.NewId(), ListQueries.Task(world, RecoverKind.Bulk), Middle, CancellationToken.None);
        }

        return (world, endpoints);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
