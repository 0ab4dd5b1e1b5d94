using System.Text.Json;
using Microsoft.Data.Sqlite;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Cursors and outcomes in SQLite.</summary>
internal sealed class SqliteCursorStore(SqliteStore store) : ICursorStore
{
    private const string Columns =
        "endpoint, application, ordinal, position, epoch, owner, taken_at, wake_at, deleted, failing_since, consecutive_failures, next_attempt_at, disabled_reason, backoff_step";

    private const string ParkedColumns = "seq, kind, lane, attempts, due";

    public Task<CursorRow?> ReadCursorAsync(Guid endpoint, CancellationToken cancellationToken) =>
        store.ReadAsync(session => session.First($"SELECT {Columns} FROM cursors WHERE endpoint = ?1", Read, endpoint), cancellationToken);

    public Task<CursorRow?> TakeCursorAsync(Guid endpoint, long seenEpoch, string owner, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute(
            "UPDATE cursors SET epoch = epoch + 1, owner = ?3, taken_at = ?4, wake_at = NULL WHERE endpoint = ?1 AND epoch = ?2 AND deleted = 0",
            endpoint,
            seenEpoch,
            owner,
            now) > 0
            ? session.First($"SELECT {Columns} FROM cursors WHERE endpoint = ?1", Read, endpoint)
            : null,
        cancellationToken);

    public Task<IReadOnlyList<ParkedRow>> ReadLaneHeadsAsync(Guid endpoint, QueueKind queue, int limit, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<ParkedRow>>(
        session => session.Query(
            $"""
            SELECT {ParkedColumns} FROM parked AS p
            WHERE endpoint = ?1 AND seq IN (SELECT min(seq) FROM parked WHERE endpoint = ?1 AND kind BETWEEN ?3 AND ?4 GROUP BY lane)
            ORDER BY seq LIMIT ?2
            """,
            ReadParked,
            endpoint,
            limit,
            ParkedKinds.Of(queue).Lowest,
            ParkedKinds.Of(queue).Highest),
        cancellationToken);

    public Task<ParkedRow?> ReadLaneHeadAsync(Guid endpoint, QueueKind queue, long lane, CancellationToken cancellationToken) => store.ReadAsync(
        session => session.First(
            $"SELECT {ParkedColumns} FROM parked WHERE endpoint = ?1 AND lane = ?2 AND kind BETWEEN ?3 AND ?4 ORDER BY seq LIMIT 1",
            ReadParked,
            endpoint,
            lane,
            ParkedKinds.Of(queue).Lowest,
            ParkedKinds.Of(queue).Highest),
        cancellationToken);

    public Task<IReadOnlyList<long>> ReadSettledAsync(Guid endpoint, long after, int limit, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<long>>(
        session => session.Query(
            """
            SELECT seq FROM attempts WHERE endpoint = ?1 AND seq > ?2 AND status = 0
            UNION
            SELECT from_seq FROM dead_letters WHERE endpoint = ?1 AND from_seq > ?2 AND to_seq = from_seq
            ORDER BY 1 LIMIT ?3
            """,
            static r => r.GetInt64(0),
            endpoint,
            after,
            limit),
        cancellationToken);

    public Task<IReadOnlyList<bool>> RecordAsync(IReadOnlyList<OutcomeBatch> batch, CancellationToken cancellationToken)
    {
        foreach (var outcomes in batch)
        {
            foreach (var attempt in outcomes.Attempts)
            {
                try
                {
                    StorableText.Refuse(attempt.Url);
                }
                catch (Exception error)
                {
                    return Task.FromException<IReadOnlyList<bool>>(SqliteErrors.Translate(error));
                }
            }
        }

        return store.WriteAsync<IReadOnlyList<bool>>(session => [.. batch.Select(b => Record(session, b))], cancellationToken);
    }

    public Task<IReadOnlyList<long>> ReadResendsAsync(Guid endpoint, int limit, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<long>>(
        session => session.Query("SELECT seq FROM resends WHERE endpoint = ?1 ORDER BY seq LIMIT ?2", static r => r.GetInt64(0), endpoint, limit),
        cancellationToken);

    public Task<bool> ExpungeAttemptAsync(Guid application, string idOrEventId, Guid attempt, byte[] response, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            var isId = EntityId.TryParse(EntityId.Message, idOrEventId, out var id);
            return session.Execute(
                $"""
                UPDATE attempts SET response = ?2
                WHERE application = ?1 AND seq = (SELECT seq FROM messages WHERE application = ?1 AND {(isId ? "id" : "event_id")} = ?4) AND id = ?3
                """,
                application,
                response,
                attempt,
                isId ? id : idOrEventId) > 0;
        },
        cancellationToken);

    public Task<bool> ReleaseAsync(Guid endpoint, long epoch, DateTimeOffset? wakeAt, CancellationToken cancellationToken) => store.WriteAsync(
        session => session.Execute("UPDATE cursors SET owner = NULL, wake_at = ?3 WHERE endpoint = ?1 AND epoch = ?2", endpoint, epoch, wakeAt) > 0,
        cancellationToken);

    public Task LiftAsync(IReadOnlyList<CursorLift> lifts, CancellationToken cancellationToken) => store.WriteAsync(
        session =>
        {
            foreach (var lift in lifts)
            {
                session.Execute(
                    "UPDATE cursors SET position = ?3 WHERE endpoint = ?1 AND position >= ?2 AND position < ?3",
                    lift.Endpoint,
                    lift.IfAtLeast,
                    lift.To);
            }

            return true;
        },
        cancellationToken);

    private static bool Record(SqliteSession session, OutcomeBatch batch)
    {
        var moved = session.Execute(
            """
            UPDATE cursors
            SET position = max(position, ?3), failing_since = ?4, consecutive_failures = ?5, next_attempt_at = ?6, disabled_reason = ?7, backoff_step = ?8
            WHERE endpoint = ?1 AND epoch = ?2 AND deleted = 0
            """,
            batch.Endpoint,
            batch.Epoch,
            batch.Position,
            batch.Health.FailingSince,
            batch.Health.ConsecutiveFailures,
            batch.Health.NextAttemptAt,
            batch.Health.DisabledReason,
            batch.Health.Step) > 0;
        if (!moved)
        {
            return false;
        }

        foreach (var a in batch.Attempts)
        {
            session.Execute(
                """
                INSERT INTO attempts (application, seq, id, endpoint, message, started_at, status, status_code, duration_ms, trigger_type, url, response, next_attempt_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                ON CONFLICT (application, seq, id) DO NOTHING
                """,
                batch.Application,
                a.Seq,
                a.Id,
                batch.Endpoint,
                a.Message,
                a.StartedAt,
                (int)a.Status,
                a.StatusCode,
                a.DurationMs,
                (int)a.Trigger,
                a.Url,
                a.Response,
                a.NextAttemptAt);
        }

        foreach (var (queue, row) in batch.GivenUp)
        {
            GiveUp(session, batch.Endpoint, queue, row);
        }

        foreach (var row in batch.Parked)
        {
            session.Execute(
                """
                INSERT INTO parked (endpoint, seq, kind, lane, attempts, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (endpoint, seq) DO UPDATE SET kind = excluded.kind, lane = excluded.lane, attempts = excluded.attempts, due = excluded.due
                """,
                batch.Endpoint,
                row.Seq,
                (int)row.Kind,
                row.Lane,
                row.Attempts,
                row.Due);
        }

        foreach (var seq in batch.Unparked)
        {
            session.Execute("DELETE FROM parked WHERE endpoint = ?1 AND seq = ?2", batch.Endpoint, seq);
        }

        foreach (var letter in batch.DeadLetters)
        {
            GiveUp(session, batch.Endpoint, letter);
        }

        foreach (var letter in batch.RecoveryDeadLetters)
        {
            if (!session.First("SELECT 1 FROM attempts WHERE endpoint = ?1 AND seq = ?2 AND status = 0", static _ => true, batch.Endpoint, letter.FromSeq))
            {
                GiveUp(session, batch.Endpoint, letter);
            }
        }

        foreach (var seq in batch.Asked)
        {
            session.Execute("INSERT INTO resends (endpoint, seq, at) VALUES (?1, ?2, ?3) ON CONFLICT (endpoint, seq) DO NOTHING", batch.Endpoint, seq, batch.At);
        }

        foreach (var seq in batch.Revived)
        {
            session.Execute("DELETE FROM dead_letters WHERE endpoint = ?1 AND from_seq = ?2 AND to_seq = ?2", batch.Endpoint, seq);
        }

        foreach (var seq in batch.Answered)
        {
            session.Execute("DELETE FROM resends WHERE endpoint = ?1 AND seq = ?2", batch.Endpoint, seq);
        }

        if (batch.Recovery is { } step)
        {
            session.Execute(
                "UPDATE recoveries SET position = max(position, ?2), status = ?3, matched = ?4, sent = ?5, updated_at = ?6 WHERE id = ?1 AND status = 0",
                step.Id,
                step.Position,
                (int)step.Status,
                step.Matched,
                step.Sent,
                batch.At);
        }

        return true;
    }

    private static void GiveUp(SqliteSession session, Guid endpoint, DeadLetterRow letter) => session.Execute(
        "INSERT INTO dead_letters (endpoint, from_seq, to_seq, reason, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (endpoint, from_seq, to_seq) DO NOTHING",
        endpoint,
        letter.FromSeq,
        letter.ToSeq,
        letter.Reason,
        letter.At);

    private static void GiveUp(SqliteSession session, Guid endpoint, QueueKind queue, GivenUpRow row)
    {
        const string Rows = "parked WHERE endpoint = ?1 AND seq <= ?2 AND kind BETWEEN ?3 AND ?4 AND seq NOT IN (SELECT value FROM json_each(?5))";
        var (lowest, highest) = ParkedKinds.Of(queue);
        var except = JsonSerializer.Serialize(row.Except);
        session.Execute(
            $"INSERT INTO dead_letters (endpoint, from_seq, to_seq, reason, at) SELECT endpoint, seq, seq, ?6, ?7 FROM {Rows} ON CONFLICT (endpoint, from_seq, to_seq) DO NOTHING",
            endpoint,
            row.UpTo,
            lowest,
            highest,
            except,
            row.Reason,
            row.At);
        session.Execute("DELETE FROM " + Rows, endpoint, row.UpTo, lowest, highest, except);
    }

    internal const string AllColumns = Columns;

    internal static CursorRow Read(SqliteDataReader r) => new(
        r.Id(0),
        r.Id(1),
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

    internal static ParkedRow ReadParked(SqliteDataReader r) => new(r.GetInt64(0), (ParkedKind)r.GetInt32(1), r.GetInt64(2), r.GetInt32(3), r.TimeOrNull(4));
}
