using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Sdk.Tests.Harness;

/// <summary>One run of all behaviours for each store and SDK, made when it is first asked for.</summary>
public sealed class Runs : IAsyncLifetime
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, Servers> _servers = [];
    private readonly Dictionary<(string Store, string Sdk), IReadOnlyDictionary<(string Group, string Name), Result>> _results = [];

    /// <summary>A gateway by itself, and a silo with a gateway beside it.</summary>
    public static IReadOnlyList<string> Stores { get; } = ["sqlite", "postgres"];

    /// <summary>2.x and 1.x, by the names that package.json gives them.</summary>
    public static IReadOnlyList<string> Sdks { get; } = ["svix", "svix1"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>What became of each behaviour.</summary>
    internal async Task<IReadOnlyDictionary<(string Group, string Name), Result>> ResultsAsync(string store, string sdk, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!_servers.TryGetValue(store, out var servers))
            {
                servers = _servers[store] = await Servers.StartAsync(store, cancellationToken);
            }

            if (!_results.TryGetValue((store, sdk), out var results))
            {
                results = _results[(store, sdk)] = await NodeRun.RunAsync(servers.Gateway, sdk, cancellationToken);
            }

            return results;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var servers in _servers.Values)
        {
            await servers.DisposeAsync();
        }

        _oneAtATime.Dispose();
    }
}
