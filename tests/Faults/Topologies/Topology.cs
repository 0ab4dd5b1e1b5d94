using System.Collections.Immutable;
using System.Globalization;
using Webhooks.Faults.Receiving;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Topologies;

/// <summary>The processes under test, and the receivers that they deliver to.</summary>
internal sealed class Topology : IAsyncDisposable
{
    private readonly string _folder;
    private readonly List<Node> _silos = [];
    private readonly List<Node> _gateways = [];

    private Topology(TopologyOptions options, ReceiverFarm receivers, string folder)
    {
        Options = options;
        Receivers = receivers;
        _folder = folder;
    }

    public TopologyOptions Options { get; }

    /// <summary>The private PostgreSQL, another one after a failover; null on SQLite.</summary>
    public PostgresServer? Postgres { get; set; }

    public IReadOnlyList<Node> Silos => _silos;

    /// <summary>The processes that take requests; on SQLite the only process there is.</summary>
    public IReadOnlyList<Node> Gateways => _gateways;

    public IEnumerable<Node> Nodes => _silos.Concat(_gateways);

    public ReceiverFarm Receivers { get; }

    /// <summary>A folder for data of the run; it goes with the topology.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Starts everything.</summary>
    /// <param name="folder">The run's folder, where logs of the processes are written.</param>
    public static async Task<Topology> StartAsync(TopologyOptions options, ReceiverFarm receivers, string folder, CancellationToken cancellationToken)
    {
        var topology = new Topology(options, receivers, folder);
        try
        {
            Directory.CreateDirectory(topology.DataFolder);
            if (options.Store == StoreKind.Postgres)
            {
                topology.Postgres = await (options.StartPostgres?.Invoke() ?? PostgresServer.StartAsync(maxConnections: options.MaxConnections));
            }

            foreach (var surrounding in options.Surroundings)
            {
                await surrounding.PrepareAsync(topology, cancellationToken);
            }

            topology.Plan();
            await Task.WhenAll(topology._silos.Select(silo => silo.StartAsync(cancellationToken)));
            await Task.WhenAll(topology._gateways.Select(gateway => gateway.StartAsync(cancellationToken)));
            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    /// <summary>What was put up beside the store; null when it was not.</summary>
    public T? Find<T>()
        where T : class, ISurrounding => Options.Surroundings.OfType<T>().FirstOrDefault();

    /// <summary>Starts what does not run, silos first.</summary>
    public async Task StartMissingAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_silos.Where(node => !node.IsRunning).Select(node => node.StartAsync(cancellationToken)));
        await Task.WhenAll(_gateways.Where(node => !node.IsRunning).Select(node => node.StartAsync(cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        // Before the disk that it may lie on.
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }

        foreach (var surrounding in Options.Surroundings)
        {
            await surrounding.DisposeAsync();
        }

        if (Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private void Plan()
    {
        var common = Settings.Common.RemoveRange(Settings.Common.Keys.Where(static name => name.Contains("RetrySchedule", StringComparison.Ordinal)))
            .With(Enumerable.Range(0, Options.RetrySteps).ToImmutableDictionary(static step => $"Webhooks__Delivery__RetrySchedule__{step}", static _ => "1"))
            .With("Webhooks__Delivery__RequestTimeoutSeconds", Options.RequestTimeout.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture));
        if (Postgres is null)
        {
            Add(_gateways, "standalone", false, common.With(Settings.OwnPorts()).With("Webhooks__DataDirectory", DataFolder));
            return;
        }

        common = common.With(Settings.Postgres(Postgres));
        for (var number = 1; number <= Options.Silos; number++)
        {
            Add(_silos, Numbered("silo", number), true, common.With(Settings.OwnPorts()));
        }

        for (var number = 1; number <= Options.Gateways; number++)
        {
            Add(_gateways, Numbered("gateway", number), false, common.With("Webhooks__Cluster__Mode", "Client"));
        }
    }

    private void Add(List<Node> nodes, string name, bool isSilo, ImmutableDictionary<string, string> settings)
    {
        if (!isSilo)
        {
            settings = settings.With("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        }

        var node = new Node(name, isSilo, settings.With(Options.Settings), _folder);
        foreach (var surrounding in Options.Surroundings)
        {
            surrounding.Change(node);
        }

        nodes.Add(node);
    }

    private static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
}
