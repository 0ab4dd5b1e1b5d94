using Npgsql;
using NpgsqlTypes;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Cursors and outcomes in PostgreSQL: one statement records the outcomes of many endpoints.</summary>
internal sealed class PostgresCursorStore(PostgresStore store) : ICursorStore
{
    private const string Columns =
        "endpoint, application, ordinal, position, epoch, owner, taken_at, wake_at, deleted, failing_since, consecutive_failures, next_attempt_at, disabled_reason, backoff_step";

    // Everything else follows the cursor that moved under its epoch; each part is harmless when repeated.
    private const string Record = """
        WITH c AS (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::int[], $7::timestamptz[], $8::text[], $39::int[])
                AS t (endpoint, application, epoch, position, failing_since, consecutive_failures, next_attempt_at, disabled_reason, backoff_step)
        ),
        moved AS (
            UPDATE cursors
            SET position = greatest(cursors.position, c.position), failing_since = c.failing_since,
                consecutive_failures = c.consecutive_failures, next_attempt_at = c.next_attempt_at, disabled_reason = c.disabled_reason,
                backoff_step = c.backoff_step
            FROM c
            WHERE cursors.endpoint = c.endpoint AND cursors.epoch = c.epoch AND NOT cursors.deleted
            RETURNING cursors.endpoint, cursors.application
        ),
        tried AS (
            INSERT INTO attempts (application, seq, id, endpoint, message, started_at, status, status_code, duration_ms, trigger_type, url, response, next_attempt_at)
            SELECT moved.application, a.seq, a.id, a.endpoint, a.message, a.started_at, a.status, a.status_code, a.duration_ms, a.trigger_type, a.url, a.response, a.next_attempt_at
            FROM unnest($9::uuid[], $10::bigint[], $11::uuid[], $12::uuid[], $13::timestamptz[], $14::smallint[], $15::int[], $16::int[], $17::smallint[], $18::text[], $19::bytea[], $20::timestamptz[])
                AS a (endpoint, seq, id, message, started_at, status, status_code, duration_ms, trigger_type, url, response, next_attempt_at)
            JOIN moved ON moved.endpoint = a.endpoint
            ON CONFLICT (application, seq, id) DO NOTHING
        ),
        parked_now AS (
            INSERT INTO parked (endpoint, seq, kind, lane, attempts, due)
            SELECT p.endpoint, p.seq, p.kind, p.lane, p.attempts, p.due
            FROM unnest($21::uuid[], $22::bigint[], $23::smallint[], $24::bigint[], $25::int[], $26::timestamptz[]) AS p (endpoint, seq, kind, lane, attempts, due)
            JOIN moved ON moved.endpoint = p.endpoint
            ON CONFLICT (endpoint, seq) DO UPDATE
            SET kind = excluded.kind, lane = excluded.lane, attempts = excluded.attempts, due = excluded.due
        ),
        unparked AS (
            DELETE FROM parked USING unnest($27::uuid[], $28::bigint[]) AS u (endpoint, seq), moved
            WHERE parked.endpoint = u.endpoint AND parked.seq = u.seq AND moved.endpoint = u.endpoint
        ),
        given_up AS (
            INSERT INTO dead_letters (endpoint, from_seq, to_seq, reason, at)
            SELECT d.endpoint, d.from_seq, d.to_seq, d.reason, d.at
            FROM unnest($29::uuid[], $30::bigint[], $31::bigint[], $32::text[], $33::timestamptz[]) AS d (endpoint, from_seq, to_seq, reason, at)
            JOIN moved ON moved.endpoint = d.endpoint
            ON CONFLICT (endpoint, from_seq, to_seq) DO NOTHING
        ),
        asked AS (
            INSERT INTO resends (endpoint, seq, at)
            SELECT r.endpoint, r.seq, r.at FROM unnest($34::uuid[], $35::bigint[], $36::timestamptz[]) AS r (endpoint, seq, at)
            JOIN moved ON moved.endpoint = r.endpoint
            ON CONFLICT (endpoint, seq) DO NOTHING
        ),
        revived AS (
            DELETE FROM dead_letters USING unnest($40::uuid[], $41::bigint[]) AS r (endpoint, seq), moved
            WHERE dead_letters.endpoint = r.endpoint AND dead_letters.from_seq = r.seq AND dead_letters.to_seq = r.seq AND moved.endpoint = r.endpoint
        ),
        answered AS (
            DELETE FROM resends USING unnest($37::uuid[], $38::bigint[]) AS r (endpoint, seq), moved
            WHERE resends.endpoint = r.endpoint AND resends.seq = r.seq AND moved.endpoint = r.endpoint
        ),
        gone AS (
            DELETE FROM parked USING unnest($42::uuid[], $43::int[], $44::int[], $45::bigint[], $46::text[], $47::timestamptz[]) AS g (endpoint, lowest, highest, up_to, reason, at), moved
            WHERE parked.endpoint = g.endpoint AND parked.seq <= g.up_to AND parked.kind BETWEEN g.lowest AND g.highest AND moved.endpoint = g.endpoint
              AND NOT EXISTS (SELECT FROM unnest($48::uuid[], $49::bigint[]) AS x (endpoint, seq) WHERE x.endpoint = parked.endpoint AND x.seq = parked.seq)
            RETURNING parked.endpoint, parked.seq, g.reason, g.at
        ),
        given_up_parked AS (
            INSERT INTO dead_letters (endpoint, from_seq, to_seq, reason, at) SELECT endpoint, seq, seq, reason, at FROM gone
            ON CONFLICT (endpoint, from_seq, to_seq) DO NOTHING
        ),
        stepped AS (
            UPDATE recoveries SET position = greatest(recoveries.position, s.position), status = s.status, matched = s.matched, sent = s.sent, updated_at = s.at
            FROM unnest($50::uuid[], $51::uuid[], $52::bigint[], $53::smallint[], $54::bigint[], $55::bigint[], $56::timestamptz[]) AS s (endpoint, id, position, status, matched, sent, at), moved
            WHERE recoveries.id = s.id AND recoveries.status = 0 AND moved.endpoint = s.endpoint
        )
        SELECT endpoint FROM moved
        """;

    public Task<CursorRow?> ReadCursorAsync(Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand($"SELECT {Columns} FROM cursors WHERE endpoint = $1").With(endpoint);
        return (await command.ReadAllAsync(Read, cancellationToken)).FirstOrDefault();
    });

    public Task<CursorRow?> TakeCursorAsync(Guid endpoint, long seenEpoch, string owner, DateTimeOffset now, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand($"""
            UPDATE cursors SET epoch = epoch + 1, owner = $3, taken_at = $4, wake_at = NULL
            WHERE endpoint = $1 AND epoch = $2 AND NOT deleted
            RETURNING {Columns}
            """).With(endpoint).With(seenEpoch).With(owner).With(now.UtcDateTime);
        return (await command.ReadAllAsync(Read, cancellationToken)).FirstOrDefault();
    });

    public Task<IReadOnlyList<ParkedRow>> ReadLaneHeadsAsync(Guid endpoint, QueueKind queue, int limit, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<ParkedRow>>(async () =>
        {
            var (lowest, highest) = ParkedKinds.Of(queue);
            await using var command = store.Writes.CreateCommand("""
                SELECT * FROM (
                    SELECT DISTINCT ON (lane) seq, kind, lane, attempts, due FROM parked WHERE endpoint = $1 AND kind BETWEEN $3 AND $4 ORDER BY lane, seq) AS heads
                ORDER BY seq LIMIT $2
                """).With(endpoint).With(limit).With(lowest).With(highest);
            return await command.ReadAllAsync(ReadParked, cancellationToken);
        });

    public Task<ParkedRow?> ReadLaneHeadAsync(Guid endpoint, QueueKind queue, long lane, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var (lowest, highest) = ParkedKinds.Of(queue);
        await using var command = store.Writes.CreateCommand("""
            SELECT seq, kind, lane, attempts, due FROM parked WHERE endpoint = $1 AND lane = $2 AND kind BETWEEN $3 AND $4 ORDER BY seq LIMIT 1
            """).With(endpoint).With(lane).With(lowest).With(highest);
        return (await command.ReadAllAsync(ReadParked, cancellationToken)).FirstOrDefault();
    });

    public Task<IReadOnlyList<long>> ReadSettledAsync(Guid endpoint, long after, int limit, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<long>>(async () =>
        {
            // Days before the first entry that may be settled are not looked into.
            await using var next = store.Writes.CreateCommand("SELECT accepted_at FROM messages WHERE application = (SELECT application FROM cursors WHERE endpoint = $1) AND seq = $2").With(endpoint).With(after + 1);
            if ((await next.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault() is not { } acceptedAt)
            {
                return [];
            }

            await using var command = store.Writes.CreateCommand("""
                (SELECT DISTINCT seq FROM attempts WHERE endpoint = $1 AND seq > $2 AND id >= $4 AND status = 0 ORDER BY seq LIMIT $3)
                UNION
                (SELECT from_seq FROM dead_letters WHERE endpoint = $1 AND from_seq > $2 AND to_seq = from_seq ORDER BY from_seq LIMIT $3)
                ORDER BY seq LIMIT $3
                """).With(endpoint).With(after).With(limit).With(PostgresPayloads.LowestAttempt(acceptedAt));
            return await command.ReadAllAsync(static r => r.GetInt64(0), cancellationToken);
        });

    public Task<IReadOnlyList<bool>> RecordAsync(IReadOnlyList<OutcomeBatch> batch, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<bool>>(async () =>
        {
            var sorted = batch.OrderBy(static b => b.Endpoint).ToArray();
            var attempts = sorted.SelectMany(static b => b.Attempts, static (b, a) => (b.Endpoint, Row: a)).ToArray();
            var parked = sorted.SelectMany(static b => b.Parked, static (b, p) => (b.Endpoint, Row: p)).ToArray();
            var unparked = sorted.SelectMany(static b => b.Unparked, static (b, s) => (b.Endpoint, Seq: s)).ToArray();
            var dead = sorted.SelectMany(static b => b.DeadLetters, static (b, d) => (b.Endpoint, Row: d))
                .Concat(await NeverDeliveredAsync(sorted, cancellationToken))
                .DistinctBy(static d => (d.Endpoint, d.Row.FromSeq, d.Row.ToSeq))
                .ToArray();
            var asked = sorted.SelectMany(static b => b.Asked, static (b, s) => (b.Endpoint, Seq: s, b.At)).ToArray();
            var answered = sorted.SelectMany(static b => b.Answered, static (b, s) => (b.Endpoint, Seq: s)).ToArray();
            var revived = sorted.SelectMany(static b => b.Revived, static (b, s) => (b.Endpoint, Seq: s)).ToArray();
            var given = sorted.SelectMany(static b => b.GivenUp, static (b, g) => (b.Endpoint, g.Row, Kinds: ParkedKinds.Of(g.Queue))).ToArray();
            var except = given.SelectMany(static g => g.Row.Except, static (g, s) => (g.Endpoint, Seq: s)).ToArray();
            var steps = sorted.Where(static b => b.Recovery is not null).Select(static b => (b.Endpoint, Step: b.Recovery!, b.At)).ToArray();
            await using var command = store.Writes.CreateCommand(Record)
                .With(Column(sorted, static b => b.Endpoint))
                .With(Column(sorted, static b => b.Application))
                .With(Column(sorted, static b => b.Epoch))
                .With(Column(sorted, static b => b.Position))
                .With(Column(sorted, static b => b.Health.FailingSince?.UtcDateTime))
                .With(Column(sorted, static b => b.Health.ConsecutiveFailures))
                .With(Column(sorted, static b => b.Health.NextAttemptAt?.UtcDateTime))
                .With(Column(sorted, static b => b.Health.DisabledReason))
                .With(Column(attempts, static a => a.Endpoint))
                .With(Column(attempts, static a => a.Row.Seq))
                .With(Column(attempts, static a => a.Row.Id))
                .With(Column(attempts, static a => a.Row.Message))
                .With(Column(attempts, static a => a.Row.StartedAt.UtcDateTime))
                .With(Column(attempts, static a => (short)a.Row.Status))
                .With(Column(attempts, static a => a.Row.StatusCode))
                .With(Column(attempts, static a => a.Row.DurationMs))
                .With(Column(attempts, static a => (short)a.Row.Trigger))
                .With(Column(attempts, static a => a.Row.Url))
                .With(Column(attempts, static a => a.Row.Response))
                .With(Column(attempts, static a => a.Row.NextAttemptAt?.UtcDateTime))
                .With(Column(parked, static p => p.Endpoint))
                .With(Column(parked, static p => p.Row.Seq))
                .With(Column(parked, static p => (short)p.Row.Kind))
                .With(Column(parked, static p => p.Row.Lane))
                .With(Column(parked, static p => p.Row.Attempts))
                .With(Column(parked, static p => p.Row.Due?.UtcDateTime))
                .With(Column(unparked, static u => u.Endpoint))
                .With(Column(unparked, static u => u.Seq))
                .With(Column(dead, static d => d.Endpoint))
                .With(Column(dead, static d => d.Row.FromSeq))
                .With(Column(dead, static d => d.Row.ToSeq))
                .With(Column(dead, static d => d.Row.Reason))
                .With(Column(dead, static d => d.Row.At.UtcDateTime))
                .With(Column(asked, static a => a.Endpoint))
                .With(Column(asked, static a => a.Seq))
                .With(Column(asked, static a => a.At.UtcDateTime))
                .With(Column(answered, static a => a.Endpoint))
                .With(Column(answered, static a => a.Seq))
                .With(Column(sorted, static b => b.Health.Step))
                .With(Column(revived, static r => r.Endpoint))
                .With(Column(revived, static r => r.Seq))
                .With(Column(given, static g => g.Endpoint))
                .With(Column(given, static g => g.Kinds.Lowest))
                .With(Column(given, static g => g.Kinds.Highest))
                .With(Column(given, static g => g.Row.UpTo))
                .With(Column(given, static g => g.Row.Reason))
                .With(Column(given, static g => g.Row.At.UtcDateTime))
                .With(Column(except, static e => e.Endpoint))
                .With(Column(except, static e => e.Seq))
                .With(Column(steps, static s => s.Endpoint))
                .With(Column(steps, static s => s.Step.Id))
                .With(Column(steps, static s => s.Step.Position))
                .With(Column(steps, static s => (short)s.Step.Status))
                .With(Column(steps, static s => s.Step.Matched))
                .With(Column(steps, static s => s.Step.Sent))
                .With(Column(steps, static s => s.At.UtcDateTime));
            var moved = new HashSet<Guid>(await command.ReadAllAsync(static r => r.GetGuid(0), cancellationToken).ConfigureAwait(false));
            return [.. batch.Select(b => moved.Contains(b.Endpoint))];
        });

    /// <summary>What recoveries have given up, without what was delivered at another time: a look that the statement of every outcome need not pay for.</summary>
    private async Task<IReadOnlyList<(Guid Endpoint, DeadLetterRow Row)>> NeverDeliveredAsync(OutcomeBatch[] batch, CancellationToken cancellationToken)
    {
        var given = batch.SelectMany(static b => b.RecoveryDeadLetters, static (b, d) => (b.Endpoint, Row: d)).ToArray();
        if (given.Length == 0)
        {
            return given;
        }

        await using var command = store.Reads.CreateCommand("""
            SELECT DISTINCT ok.endpoint, ok.seq FROM unnest($1::uuid[], $2::bigint[]) AS d (endpoint, seq)
            JOIN attempts AS ok ON ok.endpoint = d.endpoint AND ok.seq = d.seq AND ok.status = 0
            """).With(Column(given, static d => d.Endpoint)).With(Column(given, static d => d.Row.FromSeq));
        var delivered = new HashSet<(Guid, long)>(await command.ReadAllAsync(static r => (r.GetGuid(0), r.GetInt64(1)), cancellationToken));
        return [.. given.Where(d => !delivered.Contains((d.Endpoint, d.Row.FromSeq)))];
    }

    public Task<IReadOnlyList<long>> ReadResendsAsync(Guid endpoint, int limit, CancellationToken cancellationToken) =>
        PostgresErrors.RunAsync<IReadOnlyList<long>>(async () =>
        {
            await using var command = store.Writes.CreateCommand("SELECT seq FROM resends WHERE endpoint = $1 ORDER BY seq LIMIT $2").With(endpoint).With(limit);
            return await command.ReadAllAsync(static r => r.GetInt64(0), cancellationToken);
        });

    public Task<bool> ExpungeAttemptAsync(Guid application, string idOrEventId, Guid attempt, byte[] response, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
        await using var command = store.Writes.CreateCommand($"""
            UPDATE attempts SET response = $2
            FROM (SELECT seq FROM messages WHERE application = $1 AND {(isId ? "id = $4" : "event_key = $4 AND event_id = $5")}) AS m
            WHERE attempts.application = $1 AND attempts.seq = m.seq AND attempts.id = $3
            """).With(application).With(response).With(attempt);
        _ = isId ? command.With(id) : command.With(EventKey.Of(application, idOrEventId)).With(idOrEventId);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    });

    public Task<bool> ReleaseAsync(Guid endpoint, long epoch, DateTimeOffset? wakeAt, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE cursors SET owner = NULL, wake_at = $3 WHERE endpoint = $1 AND epoch = $2")
            .With(endpoint).With(epoch).With(NpgsqlDbType.TimestampTz, wakeAt?.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    });

    public Task LiftAsync(IReadOnlyList<CursorLift> lifts, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var sorted = lifts.OrderBy(static l => l.Endpoint).ToArray();
        await using var command = store.Writes.CreateCommand("""
            UPDATE cursors SET position = l.upto
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS l (endpoint, atleast, upto)
            WHERE cursors.endpoint = l.endpoint AND cursors.position >= l.atleast AND cursors.position < l.upto
            """)
            .With(Column(sorted, static l => l.Endpoint)).With(Column(sorted, static l => l.IfAtLeast)).With(Column(sorted, static l => l.To));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Converter<TRow, TColumn> column) => Array.ConvertAll(rows, column);

    internal const string AllColumns = Columns;

    internal static CursorRow Read(NpgsqlDataReader r) => new(
        r.GetGuid(0),
        r.GetGuid(1),
        r.GetInt32(2),
        r.GetInt64(3),
        r.GetInt64(4),
        r.TextOrNull(5),
        r.TimeOrNull(6),
        r.TimeOrNull(7),
        r.GetBoolean(8),
        new EndpointHealth
        {
            FailingSince = r.TimeOrNull(9),
            ConsecutiveFailures = r.GetInt32(10),
            NextAttemptAt = r.TimeOrNull(11),
            DisabledReason = r.TextOrNull(12),
            Step = r.GetInt32(13),
        });

    internal static ParkedRow ReadParked(NpgsqlDataReader r) => new(r.GetInt64(0), (ParkedKind)r.GetInt16(1), r.GetInt64(2), r.GetInt32(3), r.TimeOrNull(4));
}
