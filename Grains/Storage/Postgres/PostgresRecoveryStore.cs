using System.Text;
using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Recoveries in PostgreSQL.</summary>
internal sealed class PostgresRecoveryStore(PostgresStore store) : IRecoveryStore
{
    // Each entry costs some look-ups: what is published must not wait long behind a statement.
    private const int ScanSpan = 256;

    // Of an endpoint that is gone nothing is recovered any more.
    private const string Status = "CASE WHEN r.status = 0 AND (c.endpoint IS NULL OR c.deleted) THEN 3 ELSE r.status END";
    private const string Select = $"SELECT r.id, r.details, r.from_seq, r.to_seq, r.position, {Status}, r.matched, r.sent, r.created_at, r.updated_at FROM recoveries AS r LEFT JOIN cursors AS c ON c.endpoint = r.endpoint";

    public Task CreateAsync(Guid id, RecoverTask task, DateTimeOffset now, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var (application, endpoint) = RecoveryText.Ids(task);
        var from = task.Kind == RecoverKind.Failed ? 0 : await FirstSeqAsync(application, task.Since, cancellationToken) - 1;
        var to = await FirstSeqAsync(application, task.Until, cancellationToken) - 1;
        await using var command = store.Writes.CreateCommand("""
            INSERT INTO recoveries (id, organization, application, endpoint, kind, details, from_seq, to_seq, position, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $9, $9)
            ON CONFLICT (id) DO NOTHING
            """).With(id).With(task.Organization).With(application).With(endpoint).With((short)task.Kind).With(RecoveryText.Write(task)).With(from).With(to).With(now.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<RecoveryRow?> FindAsync(Guid id, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Reads.CreateCommand(Select + " WHERE r.id = $1").With(id);
        return (await command.ReadAllAsync(Read, cancellationToken)).FirstOrDefault();
    });

    public Task<RecoveryRow?> ReadRunningAsync(Guid endpoint, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand(Select + " WHERE r.endpoint = $1 AND r.status = 0 ORDER BY r.id LIMIT 1").With(endpoint);
        return (await command.ReadAllAsync(Read, cancellationToken)).FirstOrDefault();
    });

    public Task<Page<RecoveryRow>> ListAsync(string organization, RecoverStatus? status, RecoverKind? kind, PageRequest page, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        if (!IdPage.TryParse(EntityId.BackgroundTask, page, out var start))
        {
            return new Page<RecoveryRow>([], false);
        }

        await using var command = store.Reads.CreateCommand().With(organization).With(page.Limit + 1);
        var where = new StringBuilder();
        if (status is { } wanted)
        {
            where.Append($" AND {Status} = ${command.With((int)wanted).Parameters.Count}");
        }

        if (kind is { } which)
        {
            where.Append($" AND r.kind = ${command.With((short)which).Parameters.Count}");
        }

        where.Append(start.Where("r.id", "$" + (command.Parameters.Count + 1)) is { Length: > 0 } after ? " " + after : "");
        command.CommandText = $"{Select} WHERE r.organization = $1{where} ORDER BY r.id {start.Direction} LIMIT $2";
        return start.Cut(await start.Bind(command).ReadAllAsync(Read, cancellationToken));
    });

    public Task<bool> CancelAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("UPDATE recoveries SET status = $2, updated_at = $3 WHERE id = $1 AND status = 0")
            .With(id).With((short)RecoverStatus.Cancelled).With(now.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    });

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var command = store.Writes.CreateCommand("""
            DELETE FROM recoveries WHERE id IN (SELECT id FROM recoveries WHERE status <> 0 AND updated_at < $1 ORDER BY updated_at LIMIT $2)
            """).With(before.UtcDateTime).With(limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<CandidatePage> ReadCandidatesAsync(RecoveryRow recovery, Guid application, int ordinal, long after, int limit, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        var (_, endpoint) = RecoveryText.Ids(recovery.Task);
        var end = Math.Min(recovery.ToSeq, after + ScanSpan);
        // Attempts of what is looked at lie in no day before the first of it.
        await using var first = store.Reads.CreateCommand("SELECT accepted_at FROM messages WHERE application = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT 1").With(application).With(after).With(end);
        if ((await first.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault() is not { } acceptedAt)
        {
            return new CandidatePage([], end);
        }

        await using var command = store.Reads.CreateCommand()
            .With(application).With(endpoint).With(after).With(end).With(ordinal).With(limit + 1).With(TimeRange.LowestId(recovery.CreatedAt))
            .With(TimeRange.LowestId(recovery.Task.Since)).With(TimeRange.LowestId(recovery.Task.Until)).With(PostgresPayloads.LowestAttempt(acceptedAt));
        var where = new StringBuilder(recovery.Task.Kind switch
        {
            RecoverKind.Failed => $" AND EXISTS (SELECT FROM tried AS t WHERE t.seq = m.seq AND t.status <> 0 AND t.id >= $8 AND t.id < $9) AND NOT {Delivered}",
            RecoverKind.Missing => " AND NOT EXISTS (SELECT FROM tried AS t WHERE t.seq = m.seq)",
            RecoverKind.DeadLetters => $" AND {DeadLetter} AND NOT {Delivered}",
            _ => " AND ($5 = ANY(m.recipients) OR EXISTS (SELECT FROM tried AS t WHERE t.seq = m.seq))",
        });
        if (recovery.Task.Filter is { } filter)
        {
            Narrow(command, where, filter);
        }

        // Looked up message by message, a planner whose statistics are older than the endpoint's attempts takes the index by
        // id for each and walks through all of them (6 s for 256 of 100,000); one stretch of places is read once.
        command.CommandText = $"""
            WITH tried AS MATERIALIZED (
                SELECT a.seq, a.id, a.status, a.status_code FROM attempts AS a WHERE a.endpoint = $2 AND a.seq > $3 AND a.seq <= $4 AND a.id >= $10)
            SELECT m.seq, m.event_type, m.channels, m.ordering_key FROM messages AS m
            WHERE m.application = $1 AND m.seq > $3 AND m.seq <= $4
              AND NOT EXISTS (SELECT FROM parked AS p WHERE p.endpoint = $2 AND p.seq = m.seq)
              AND NOT ($5 = ANY(m.recipients) AND m.seq > (SELECT position FROM cursors WHERE endpoint = $2))
              AND NOT EXISTS (SELECT FROM tried AS t WHERE t.seq = m.seq AND t.id >= $7)
              AND $8::uuid IS NOT NULL AND $9::uuid IS NOT NULL{where}
            ORDER BY m.seq LIMIT $6
            """;
        var rows = await command.ReadAllAsync(static r => new RecoveryCandidate(r.GetInt64(0), r.GetString(1), PostgresMessageLog.ListOrNull(r, 2), r.TextOrNull(3)), cancellationToken);
        // One more than wanted was asked for: it tells that the stretch was not read to its end.
        return rows.Count > limit ? new CandidatePage(rows[..limit], rows[limit - 1].Seq) : new CandidatePage(rows, end);
    });

    private const string Delivered = "EXISTS (SELECT FROM tried AS ok WHERE ok.seq = m.seq AND ok.status = 0)";

    private const string DeadLetter =
        "(EXISTS (SELECT FROM dead_letters AS d WHERE d.endpoint = $2 AND d.from_seq = m.seq AND d.to_seq = m.seq)"
        + " OR ($5 = ANY(m.recipients) AND EXISTS (SELECT FROM dead_letters AS d WHERE d.endpoint = $2 AND d.to_seq > d.from_seq AND d.from_seq <= m.seq AND d.to_seq >= m.seq)))";

    private static void Narrow(NpgsqlCommand command, StringBuilder where, RecoverFilter filter)
    {
        if (filter.EventTypes is { } types)
        {
            where.Append($" AND m.event_type = ANY(${command.With(types.ToArray()).Parameters.Count})");
        }

        if (filter.Channel is { } channel)
        {
            where.Append($" AND position(${command.With("\"" + channel + "\"").Parameters.Count} IN m.channels) > 0");
        }

        if (filter.Tag is { } tag)
        {
            where.Append($" AND position(${command.With("\"" + tag + "\"").Parameters.Count} IN m.tags) > 0");
        }

        where.Append(filter.Status switch
        {
            null => "",
            (int)AttemptedStatus.Success => $" AND {Delivered}",
            (int)AttemptedStatus.Fail => $" AND NOT {Delivered} AND (EXISTS (SELECT FROM tried AS t WHERE t.seq = m.seq) OR {DeadLetter})",
            // What is on its way needs no replay, and what has not been tried is on its way.
            _ => " AND false",
        });
        if (filter.StatusCodeClass is { } hundred)
        {
            where.Append($" AND (SELECT t.status_code FROM tried AS t WHERE t.seq = m.seq ORDER BY t.id DESC LIMIT 1) / 100 = ${command.With(hundred / 100).Parameters.Count}");
        }
    }

    private static RecoveryRow Read(NpgsqlDataReader r) => new(
        r.GetGuid(0),
        RecoveryText.Read(r.GetString(1)),
        r.GetInt64(2),
        r.GetInt64(3),
        r.GetInt64(4),
        (RecoverStatus)r.GetInt32(5),
        r.GetInt64(6),
        r.GetInt64(7),
        r.Time(8),
        r.Time(9));

    private async Task<long> FirstSeqAsync(Guid application, DateTimeOffset time, CancellationToken cancellationToken)
    {
        await using var head = store.Reads.CreateCommand("SELECT tail FROM heads WHERE application = $1").With(application);
        var tail = (long?)await head.ExecuteScalarAsync(cancellationToken) ?? 0;
        return await TimeRange.FirstSeqAsync(tail, time, async seq =>
        {
            await using var command = store.Reads.CreateCommand("SELECT accepted_at FROM messages WHERE application = $1 AND seq = $2").With(application).With(seq);
            return (await command.ReadAllAsync(static r => (DateTimeOffset?)r.Time(0), cancellationToken)).FirstOrDefault();
        });
    }
}
