using Webhooks.Tests.Shared;

[assembly: AssemblyFixture(typeof(Webhooks.Grains.Tests.Engine.PostgresFixture))]

namespace Webhooks.Grains.Tests.Engine;

/// <summary>One PostgreSQL for the tests of this assembly, started when the first asks.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.StartAsync());

    public async Task<string> CreateDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
