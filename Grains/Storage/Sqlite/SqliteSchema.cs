using DbUp;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>Brings the schema up, under the lock of the data directory.</summary>
internal sealed class SqliteSchema(SqliteStore store) : ISchema
{
    private const string Scripts = ".Storage.Sqlite.Schema.";

    public Task MigrateAsync(CancellationToken cancellationToken)
    {
        store.LockDirectory();
        var result = DeployChanges.To
            .SqliteDatabase(store.ConnectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteSchema).Assembly, static name => name.Contains(Scripts, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        return result.Successful
            ? Task.CompletedTask
            : Task.FromException(new InvalidOperationException("The schema could not be brought up: " + result.Error.Message, result.Error));
    }
}
