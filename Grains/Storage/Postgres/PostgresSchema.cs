using DbUp;
using Npgsql;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Brings the schema up under an advisory lock: several processes may start at once.</summary>
internal sealed class PostgresSchema(PostgresStore store, PostgresPartitions partitions, TimeProvider time) : ISchema
{
    private const string Scripts = ".Storage.Postgres.Schema.";
    private const long LockKey = 0x576562686F6F6B73;

    public Task MigrateAsync(CancellationToken cancellationToken) => PostgresErrors.RunAsync(async () =>
    {
        await using var guard = store.ConnectUnlimited();
        await guard.OpenAsync(cancellationToken);
        await RefuseUnsafeAsync(guard, cancellationToken);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", guard).With(LockKey))
        {
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        // The lock ends with its connection.
        var result = await Task.Run(Upgrade, cancellationToken);
        if (!result.Successful)
        {
            throw result.Error is NpgsqlException and (not PostgresException or { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected })
                ? new StoreUnavailableException("The schema could not be brought up.", result.Error)
                : new InvalidOperationException("The schema could not be brought up: " + result.Error.Message, result.Error);
        }

        // Before the first row of today is written: what lies in the default partition keeps its day from having one.
        await partitions.MakeAheadAsync(time.GetUtcNow(), cancellationToken);
        return true;
    });

    private DbUp.Engine.DatabaseUpgradeResult Upgrade()
    {
        using var connection = store.ConnectUnlimited();
        return DeployChanges.To
            .PostgresqlDatabase(connection.ConnectionString)
            .WithScriptsEmbeddedInAssembly(typeof(PostgresSchema).Assembly, static name => name.Contains(Scripts, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
    }

    /// <summary>An acknowledged event must survive the power: a server that does not write through cannot promise that.</summary>
    private static async Task RefuseUnsafeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            await using var command = new NpgsqlCommand("SELECT current_setting($1)", connection).With(setting);
            if (await command.ExecuteScalarAsync(cancellationToken) is "off")
            {
                throw new InvalidOperationException($"PostgreSQL runs with {setting}=off, under which acknowledged events can be lost: turn it on.");
            }
        }
    }
}
