using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>
/// A partition a day of payloads and attempts: made ahead, dropped whole. Both take locks that others would queue behind,
/// so each waits a tenth of a second at most and is tried again.
/// </summary>
internal sealed partial class PostgresPartitions(PostgresStore store)
{
    public const string Payloads = "payloads";
    public const string Attempts = "attempts";

    private const int DaysAhead = 3;
    private const int Tries = 5;
    private const long LockKey = 0x576562686F6F6B74;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Until when each partition of a table holds rows, the default one left out.</summary>
    public Task<IReadOnlyList<Partition>> ListAsync(string table, CancellationToken cancellationToken) => PostgresErrors.RunAsync<IReadOnlyList<Partition>>(async () =>
    {
        await using var command = store.Reads.CreateCommand("""
            SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
            FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = $1::text::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
            ORDER BY c.relname
            """).With(table);
        return await command.ReadAllAsync(static r => new Partition(r.GetString(0), UntilOf(r.GetString(1))), cancellationToken);
    });

    /// <summary>Makes the days from today on that are missing. A day of which rows lie in the default partition stays there.</summary>
    public async Task<PartitionWork> MakeAheadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var made = new PartitionWork();
        foreach (var table in (string[])[Payloads, Attempts])
        {
            var there = await ListAsync(table, cancellationToken);
            var names = there.Select(static p => p.Name).ToHashSet(StringComparer.Ordinal);
            // What was there before there were days ends at this one.
            var from = there.Where(p => !DayName().IsMatch(p.Name)).Select(static p => p.Until).Append(today).Max();
            for (var day = from; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                var name = NameOf(table, day);
                if (!names.Contains(name))
                {
                    made = Add(made, await ChangeAsync(CreateSql(table, name, day), name, exists: false, cancellationToken));
                }
            }
        }

        return made;
    }

    /// <summary>Drops the partitions that ended at this time or before, the oldest first, each in a commit of its own.</summary>
    public async Task<PartitionWork> DropAsync(string table, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(before.UtcDateTime);
        var dropped = new PartitionWork();
        foreach (var partition in (await ListAsync(table, cancellationToken)).Where(p => p.Until <= day).OrderBy(static p => p.Until))
        {
            dropped = Add(dropped, await ChangeAsync($"DROP TABLE {partition.Name}", partition.Name, exists: true, cancellationToken));
        }

        return dropped;
    }

    private static PartitionWork Add(PartitionWork sum, bool done) => done ? sum with { Done = sum.Done + 1 } : sum with { Postponed = sum.Postponed + 1 };

    // Attaching what exists takes a weaker lock on the parent than making it there.
    private static string CreateSql(string table, string name, DateOnly day) => $"""
        CREATE TABLE {name} (LIKE {table} INCLUDING ALL);
        ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{BoundOf(table, day)}') TO ('{BoundOf(table, day.AddDays(1))}');
        """;

    private static string NameOf(string table, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{table}_{day:yyyyMMdd}");

    private static string BoundOf(string table, DateOnly day) => table == Payloads
        ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : TimeRange.LowestId(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)).ToString();

    /// <summary>The day on which <c>FOR VALUES FROM (…) TO ('…')</c> ends.</summary>
    private static DateOnly UntilOf(string bound)
    {
        var value = UpperBound().Match(bound).Groups["value"].Value;
        return Guid.TryParse(value, out var id)
            ? DateOnly.FromDateTime(Interfaces.TimeOrderedId.TimeOf(id).UtcDateTime)
            : DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the change is made, by this call or by another process.</summary>
    private Task<bool> ChangeAsync(string sql, string name, bool exists, CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var connection = store.ConnectUnlimited();
        await connection.OpenAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await using var limits = new NpgsqlCommand("SELECT set_config('lock_timeout', '100ms', true), set_config('statement_timeout', '10s', true)", connection);
                await limits.ExecuteNonQueryAsync(cancellationToken);
                // Several silos may come to the same idea: one does it, the others find it done.
                await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1), to_regclass($2) IS NOT NULL", connection).With(LockKey).With(name);
                await using (var reader = await turn.ExecuteReaderAsync(cancellationToken))
                {
                    await reader.ReadAsync(cancellationToken);
                    if (reader.GetBoolean(1) != exists)
                    {
                        return true;
                    }
                }

                await using var change = new NpgsqlCommand(sql, connection);
                await change.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return true;
            }
            catch (PostgresException error) when (IsBusy(error))
            {
                if (attempt == Tries)
                {
                    return false;
                }

                await Task.Delay(Pause, cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
            {
                // The default partition holds rows of that day: they go by the batch instead.
                return false;
            }
        }
    });

    private static bool IsBusy(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.QueryCanceled;

    [GeneratedRegex(@"TO \('(?<value>[^']+)'\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex UpperBound();

    [GeneratedRegex(@"_\d{8}$")]
    private static partial Regex DayName();
}

/// <param name="Until">The first day it does not hold.</param>
internal sealed record Partition(string Name, DateOnly Until);
