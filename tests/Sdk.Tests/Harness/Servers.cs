using System.Collections.Immutable;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Sdk.Tests.Harness;

/// <summary>The processes behind one gateway's address.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private const string RetrySchedule = "Webhooks__Delivery__RetrySchedule__";

    // The last one is disposed of first.
    private readonly Stack<object> _parts = new();

    private Servers()
    {
    }

    /// <summary>Where the API is.</summary>
    public Uri Gateway { get; private set; } = null!;

    // Two retries, a second apart: a behaviour sees a message be given up within seconds.
    private static ImmutableDictionary<string, string> Common => Settings.Common
        .RemoveRange(Settings.Common.Keys.Where(static name => name.StartsWith(RetrySchedule, StringComparison.Ordinal)))
        .With(RetrySchedule + "0", "1")
        .With(RetrySchedule + "1", "1");

    public static async Task<Servers> StartAsync(string store, CancellationToken cancellationToken)
    {
        var servers = new Servers();
        try
        {
            await (store == "sqlite" ? servers.StartStandaloneAsync(cancellationToken) : servers.StartClusterAsync(cancellationToken));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            switch (part)
            {
                case IAsyncDisposable process:
                    await process.DisposeAsync();
                    break;
                case IDisposable folder:
                    folder.Dispose();
                    break;
            }
        }
    }

    private async Task StartStandaloneAsync(CancellationToken cancellationToken)
    {
        var folder = Add(new TemporaryFolder());
        var settings = Common.With("Webhooks__DataDirectory", folder.Path).With(Settings.OwnPorts());
        Gateway = Add(await GatewayProcess.StartAsync(settings, cancellationToken)).Address;
    }

    private async Task StartClusterAsync(CancellationToken cancellationToken)
    {
        var postgres = Add(await PostgresServer.StartAsync());
        var settings = Common.With(Settings.Postgres(postgres));
        Add(await SiloProcess.StartAsync(settings, cancellationToken));
        Gateway = Add(await GatewayProcess.StartAsync(settings.With("Webhooks__Cluster__Mode", "Client"), cancellationToken)).Address;
    }

    private T Add<T>(T part)
        where T : class
    {
        _parts.Push(part);
        return part;
    }
}
