using System.Globalization;
using Npgsql;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Topologies.Surroundings;

/// <summary>Each process reaches the store through a proxy of its own.</summary>
internal sealed class StoreProxies : ISurrounding
{
    private const string ConnectionString = "ConnectionStrings__Webhooks";

    private readonly Dictionary<string, StoreProxy> _proxies = [];

    public StoreProxy this[Node node] => _proxies[node.Name];

    public IEnumerable<StoreProxy> All => _proxies.Values;

    public Task PrepareAsync(Topology topology, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Change(Node node)
    {
        var direct = new NpgsqlConnectionStringBuilder(node.Settings[ConnectionString]);
        var proxy = StoreProxy.Start(direct.Port);
        _proxies[node.Name] = proxy;
        // In this form, for a builder adds what it takes for defaults.
        node.Settings = node.Settings.SetItem(ConnectionString, node.Settings[ConnectionString].Replace(
            string.Create(CultureInfo.InvariantCulture, $"Port={direct.Port}"),
            string.Create(CultureInfo.InvariantCulture, $"Port={proxy.Port}"),
            StringComparison.Ordinal));
    }

    /// <summary>Leads all to another server: what is connected breaks.</summary>
    public void Lead(int port)
    {
        foreach (var proxy in All)
        {
            proxy.Target = port;
            proxy.Break();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in All)
        {
            await proxy.DisposeAsync();
        }
    }
}
