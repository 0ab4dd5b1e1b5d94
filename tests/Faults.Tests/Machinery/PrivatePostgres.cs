using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>One server for the tests of a class.</summary>
public sealed class PrivatePostgres : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
