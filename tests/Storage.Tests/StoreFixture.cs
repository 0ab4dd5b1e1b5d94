using Webhooks.Tests.Shared;

namespace Webhooks.Storage.Tests;

/// <summary>A migrated store that the tests of one driver share; each makes an application of its own in it.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private StoreSet? _store;

    internal StoreSet Store => _store ?? throw new InvalidOperationException("The store has not been opened.");

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.Schema.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<StoreSet> OpenAsync();

    private protected abstract Task CloseAsync();
}

/// <summary>PostgreSQL, in a server of its own.</summary>
public sealed class PostgresFixture : StoreFixture
{
    public PostgresServer Server { get; private set; } = null!;

    private protected override async Task<StoreSet> OpenAsync()
    {
        Server = await PostgresServer.StartAsync();
        return StoreSet.OnPostgres(await Server.CreateDatabaseAsync());
    }

    private protected override async Task CloseAsync() => await Server.DisposeAsync();
}

/// <summary>SQLite, in a folder of its own.</summary>
public sealed class SqliteFixture : StoreFixture
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;

    private protected override Task<StoreSet> OpenAsync() => Task.FromResult(StoreSet.OnSqlite(_folder));

    private protected override Task CloseAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
