using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Webhooks.Grains.Health;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage.Sqlite.Orleans;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Hosting;

/// <summary>Puts a silo, or a client of silos, into a host. The one place where Orleans is configured.</summary>
public static class WebhooksHosting
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionStringName = "Webhooks";

    private const string PostgresInvariant = "Npgsql";
    private const string SqliteInvariant = "System.Data.SQLite";

    /// <summary>A silo in this process: of silo processes, and of gateways that are standalone or members.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="clustered">Whether other silos may join: then PostgreSQL is required.</param>
    /// <exception cref="MissingSettingException">The cluster needs a connection string and there is none.</exception>
    public static void AddWebhooksSilo(this IHostApplicationBuilder builder, bool clustered)
    {
        var connectionString = ConnectionString(builder, required: clustered);
        AddShared(builder);
        builder.AddStore(connectionString);
        builder.Services.AddWebhookEngine();
        SteadyClock.AddTo(builder.Services);
        builder.Services.AddSingleton(services => new StoreClock(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<LivingSilos>();
        builder.Services.AddSingleton<SendGate>();
        builder.Services.AddSingleton<StoreState>();
        builder.Services.AddSingleton<StoreWatch>();
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static s => s.GetRequiredService<StoreWatch>());
        builder.Services.AddHostedService(static s => s.GetRequiredService<StoreWatch>());
        builder.Services.AddSingleton<SiloPulse>();
        builder.Services.AddHostedService(static s => s.GetRequiredService<SiloPulse>());
        builder.Services.AddSingleton<StuckEndpoints>();
        builder.Services.AddSingleton<SiloReporter>();
        builder.Services.AddSiloChecks();

        var cluster = Cluster(builder);
        var delivery = builder.Configuration.GetSection(DeliveryOptions.Section).Get<DeliveryOptions>() ?? new DeliveryOptions();
        // Attempts in flight end before a silo leaves.
        var drain = TimeSpan.FromSeconds(delivery.RequestTimeoutSeconds + 5);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = drain + TimeSpan.FromSeconds(5));
        builder.UseOrleans(silo =>
        {
            silo.Configure<Orleans.Configuration.ClusterOptions>(options =>
            {
                options.ClusterId = cluster.ClusterId;
                options.ServiceId = cluster.ServiceId;
            });
            silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = drain);
            silo.Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = TimeSpan.FromSeconds(Math.Max(cluster.ResponseTimeoutSeconds, 10));
                options.SystemResponseTimeout = TimeSpan.FromSeconds(10);
            });
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod =
                delivery.ReminderThreshold < TimeSpan.FromMinutes(1) ? delivery.ReminderThreshold : TimeSpan.FromMinutes(1));
            silo.AddIncomingGrainCallFilter<StoreFaultFilter>();
            if (OtlpSignals.Of(builder.Configuration).Traces)
            {
                silo.AddActivityPropagation();
            }

            silo.AddPlacementDirector<ByAddress, ByAddressDirector>();
            if (cluster.Dashboard)
            {
                silo.AddDashboard(HideLog);
            }

            if (connectionString is null)
            {
                UseSqlite(silo, cluster, DataFolder.Locate(builder.Configuration));
            }
            else
            {
                UsePostgres(silo, cluster, connectionString);
            }
        });
    }

    /// <summary>A client of the cluster's silos.</summary>
    /// <param name="builder">The host.</param>
    /// <exception cref="MissingSettingException">There is no connection string.</exception>
    public static void AddWebhooksClient(this IHostApplicationBuilder builder)
    {
        var connectionString = ConnectionString(builder, required: true)!;
        AddShared(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        var cluster = Cluster(builder);
        // It listens, and says that it cannot serve, while it looks for silos.
        builder.Services.Configure<HostOptions>(static options => options.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(options =>
            {
                options.ClusterId = cluster.ClusterId;
                options.ServiceId = cluster.ServiceId;
            });
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(cluster.ResponseTimeoutSeconds));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
            if (OtlpSignals.Of(builder.Configuration).Traces)
            {
                client.AddActivityPropagation();
            }

            if (cluster.Dashboard)
            {
                client.AddDashboard(HideLog);
            }

            client.UseAdoNetClustering(options =>
            {
                options.Invariant = PostgresInvariant;
                options.ConnectionString = connectionString;
            });
            client.UseConnectionRetryFilter(ConnectionRetry.ShouldRetryAsync);
        });
    }

    // It would show the whole process's log to every organization.
    private static void HideLog(Orleans.Dashboard.DashboardOptions options) => options.HideTrace = true;

    private static void AddShared(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    private static ClusterOptions Cluster(IHostApplicationBuilder builder) =>
        builder.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();

    private static string? ConnectionString(IHostApplicationBuilder builder, bool required)
    {
        var connectionString = builder.Configuration.GetConnectionString(ConnectionStringName);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return required
                ? throw new MissingSettingException("A cluster needs PostgreSQL: set ConnectionStrings__Webhooks to its connection string.")
                : null;
        }

        return connectionString;
    }

    private static void UseSqlite(ISiloBuilder silo, ClusterOptions cluster, string dataDirectory)
    {
        silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
        silo.Services.AddSingleton<Storage.ISchema, SqliteOrleansSchema>();
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = SqliteInvariant;
            options.ConnectionString = SqliteOrleansSchema.ConnectionString(dataDirectory);
            options.GrainStorageSerializer = new NamedJsonStateSerializer();
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = SqliteInvariant;
            options.ConnectionString = SqliteOrleansSchema.ConnectionString(dataDirectory);
        });
    }

    private static void UsePostgres(ISiloBuilder silo, ClusterOptions cluster, string connectionString)
    {
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = PostgresInvariant;
            options.ConnectionString = connectionString;
        });
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = PostgresInvariant;
            options.ConnectionString = connectionString;
            options.GrainStorageSerializer = new NamedJsonStateSerializer();
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = PostgresInvariant;
            options.ConnectionString = connectionString;
        });
        if (string.IsNullOrWhiteSpace(cluster.AdvertisedAddress))
        {
            silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        }
        else
        {
            silo.ConfigureEndpoints(IPAddress.Parse(cluster.AdvertisedAddress), cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        }

        // A dead silo is found in about two seconds (measured); two silos must say so from three on.
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 3;
            options.NumVotesForDeathDeclaration = 2;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
    }
}
