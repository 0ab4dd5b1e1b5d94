using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Storage.Postgres;
using Webhooks.Grains.Storage.Sqlite;

namespace Webhooks.Storage.Tests;

/// <summary>Every port of one driver, as a silo has them.</summary>
internal sealed class StoreSet : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreSet(ServiceProvider services) => _services = services;

    public IMessageLog Log => _services.GetRequiredService<IMessageLog>();

    public ICursorStore Cursors => _services.GetRequiredService<ICursorStore>();

    public IConfigurationStore Configuration => _services.GetRequiredService<IConfigurationStore>();

    public IDeliveryReads Reads => _services.GetRequiredService<IDeliveryReads>();

    public IClusterStore Cluster => _services.GetRequiredService<IClusterStore>();

    public IAnswerStore Answers => _services.GetRequiredService<IAnswerStore>();

    public IRecoveryStore Recoveries => _services.GetRequiredService<IRecoveryStore>();

    public IAuditLog Audit => _services.GetRequiredService<IAuditLog>();

    public IQueueLimits Queues => _services.GetRequiredService<IQueueLimits>();

    public IRetentionStore Retention => _services.GetRequiredService<IRetentionStore>();

    public ISchema Schema => _services.GetRequiredService<ISchema>();

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static StoreSet OnPostgres(string connectionString) => new(Services()
        .Configure<StoreOptions>(o => o.ConnectionString = connectionString)
        .AddPostgresStore()
        .BuildServiceProvider());

    public static StoreSet OnSqlite(string folder) => new(Services()
        .Configure<StoreOptions>(o => o.DataDirectory = folder)
        .AddSqliteStore()
        .BuildServiceProvider());

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IServiceCollection Services() => new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
}
