using DbUp;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Webhooks.Grains.Storage.Sqlite.Orleans;

/// <summary>Orleans' own file beside ours: grain state and reminders of a standalone process.</summary>
internal sealed class SqliteOrleansSchema(IOptions<StoreOptions> options) : ISchema
{
    private const string FileName = "orleans.db";
    private const string Scripts = ".Storage.Sqlite.Orleans.Schema.";

    public static string ConnectionString(string dataDirectory) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(dataDirectory, FileName),
        DefaultTimeout = 5,
    }.ToString();

    public Task MigrateAsync(CancellationToken cancellationToken)
    {
        var result = DeployChanges.To
            .SqliteDatabase(ConnectionString(options.Value.DataDirectory))
            .WithScriptsEmbeddedInAssembly(typeof(SqliteOrleansSchema).Assembly, static name => name.Contains(Scripts, StringComparison.Ordinal))
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        return result.Successful
            ? Task.CompletedTask
            : Task.FromException(new InvalidOperationException("The schema of " + FileName + " could not be brought up.", result.Error));
    }
}
