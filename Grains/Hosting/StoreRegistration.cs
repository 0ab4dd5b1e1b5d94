using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Operations;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Storage.Postgres;
using Webhooks.Grains.Storage.Sqlite;

namespace Webhooks.Grains.Hosting;

/// <summary>Chooses the store by the settings and brings its schema up before anything else starts.</summary>
internal static class StoreRegistration
{
    public static void AddStore(this IHostApplicationBuilder builder, string? connectionString)
    {
        builder.Services.AddOptions<StoreOptions>()
            .BindConfiguration(StoreOptions.Section)
            .Configure(options =>
            {
                options.ConnectionString = connectionString;
                options.DataDirectory = connectionString is null ? DataFolder.Locate(builder.Configuration) : "";
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (connectionString is null)
        {
            builder.Services.AddSqliteStore();
        }
        else
        {
            builder.Services.AddPostgresStore();
        }

        builder.Services.AddHostedService<SchemaUpgrade>();
    }
}

/// <summary>Brings the schema up before Orleans starts: its providers read their queries from the store.</summary>
internal sealed partial class SchemaUpgrade(
    IEnumerable<ISchema> schemas,
    IConfigurationStore configuration,
    TimeProvider time,
    Microsoft.Extensions.Options.IOptions<ClusterOptions> cluster,
    Microsoft.Extensions.Options.IOptions<StoreOptions> store,
    ILogger<SchemaUpgrade> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store.Value.ConnectionString is null)
        {
            Log.DataDirectory(logger, store.Value.DataDirectory);
        }

        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                foreach (var schema in schemas)
                {
                    await schema.MigrateAsync(cancellationToken);
                }

                await OperationalWebhooks.SeedAsync(configuration, time.GetUtcNow(), cancellationToken);
                return;
            }
            catch (StoreUnavailableException error) when (waited < TimeSpan.FromSeconds(cluster.Value.StartupWaitSeconds))
            {
                Log.Waiting(logger, error.InnerException?.Message ?? error.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Information, "Data directory: {Directory}")]
        public static partial void DataDirectory(ILogger logger, string directory);

        [LoggerMessage(1402, LogLevel.Warning, "Waiting for the store: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
