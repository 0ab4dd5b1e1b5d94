using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>The connections of a silo to PostgreSQL: few that commit, some that read, all with limits of time.</summary>
internal sealed class PostgresStore : IAsyncDisposable
{
    private readonly StoreOptions _options;

    public PostgresStore(IOptions<StoreOptions> options)
    {
        _options = options.Value;
        Writes = Build(_options.WriteConnections, "");
        // Reads are planned each time: a plan made for an empty table would filter a whole log later.
        Reads = Build(_options.ReadConnections, " -c plan_cache_mode=force_custom_plan");
    }

    /// <summary>For commits: one round trip each.</summary>
    public NpgsqlDataSource Writes { get; }

    /// <summary>For short reads.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>A connection without limits of time, for the schema.</summary>
    public NpgsqlConnection ConnectUnlimited() =>
        new(new NpgsqlConnectionStringBuilder(_options.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await Writes.DisposeAsync();
        await Reads.DisposeAsync();
    }

    private NpgsqlDataSource Build(int connections, string more)
    {
        var milliseconds = _options.StatementTimeoutSeconds * 1000;
        var settings = new NpgsqlConnectionStringBuilder(_options.ConnectionString)
        {
            MaxPoolSize = connections,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            CommandTimeout = _options.StatementTimeoutSeconds + 1,
            CancellationTimeout = 500,
            Timeout = 5,
            TcpKeepAlive = true,
            IncludeErrorDetail = false,
            // A frozen silo holds nothing for long. And on tables that were never analyzed the planner takes hash joins and
            // sequential scans for batches of a few rows, and keeps those plans (measured: twice the processor time). So it is with
            // the partition of a day that has just begun, of which it would keep a copy and search that for each row.
            Options = $"-c synchronous_commit=on -c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
                + $" -c idle_in_transaction_session_timeout={milliseconds} -c tcp_user_timeout={milliseconds}"
                + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off -c jit=off" + more,
        };
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}

/// <summary>Registers the PostgreSQL driver for every port of the store.</summary>
internal static class PostgresRegistration
{
    public static IServiceCollection AddPostgresStore(this IServiceCollection services) => services
        .AddSingleton<PostgresStore>()
        .AddSingleton<IMessageLog, PostgresMessageLog>()
        .AddSingleton<ICursorStore, PostgresCursorStore>()
        .AddSingleton<IConfigurationStore, PostgresConfigurationStore>()
        .AddSingleton<IDeliveryReads, PostgresDeliveryReads>()
        .AddSingleton<IRecoveryStore, PostgresRecoveryStore>()
        .AddSingleton<IAnswerStore, PostgresAnswerStore>()
        .AddSingleton<IAuditLog, PostgresAuditLog>()
        .AddSingleton<IClusterStore, PostgresClusterStore>()
        .AddSingleton<PostgresPartitions>()
        .AddSingleton<IQueueLimits, PostgresQueueLimits>()
        .AddSingleton<IRetentionStore, PostgresRetentionStore>()
        .AddSingleton<ISchema, PostgresSchema>();
}
