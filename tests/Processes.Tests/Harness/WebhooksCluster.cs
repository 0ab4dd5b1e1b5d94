using System.Collections.Immutable;
using Webhooks.Tests.Shared.Processes;
using Webhooks.Tests.Shared;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>PostgreSQL, silos and separate gateways, each a process of its own.</summary>
internal sealed class WebhooksCluster : IAsyncDisposable
{
    private readonly ImmutableDictionary<string, string> _settings;
    private readonly List<SiloProcess> _silos = [];
    private readonly List<GatewayProcess> _gateways = [];

    private WebhooksCluster(PostgresServer postgres)
    {
        Postgres = postgres;
        _settings = Settings.Common.With(Settings.Postgres(postgres));
    }

    public PostgresServer Postgres { get; }

    /// <summary>Silos that still run, the oldest first.</summary>
    public IReadOnlyList<SiloProcess> Silos => [.. _silos.Where(silo => !silo.HasExited)];

    public IReadOnlyList<GatewayProcess> Gateways => _gateways;

    public static async Task<WebhooksCluster> StartAsync(int silos, int gateways, CancellationToken cancellationToken)
    {
        var cluster = new WebhooksCluster(await PostgresServer.StartAsync());
        try
        {
            // All at once: that the first start finds an empty database must not matter.
            await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => cluster.StartSiloAsync(cancellationToken)));
            for (var number = 0; number < gateways; number++)
            {
                cluster._gateways.Add(await GatewayProcess.StartAsync(cluster._settings.With("Webhooks__Cluster__Mode", "Client"), cancellationToken));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a silo and waits until it is ready.</summary>
    public async Task StartSiloAsync(CancellationToken cancellationToken)
    {
        var silo = await SiloProcess.StartAsync(_settings, cancellationToken);
        lock (_silos)
        {
            _silos.Add(silo);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _gateways.Concat<ServerProcess>(_silos))
        {
            await process.DisposeAsync();
        }

        await Postgres.DisposeAsync();
    }
}
