using Webhooks.Grains.Interfaces;
using Webhooks.Tests.Shared;

namespace Webhooks.Storage.Tests.Postgres;

/// <summary>A server that goes away and comes back: no answer means "unknown", and afterwards the same store works on.</summary>
public sealed class PostgresOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_port_says_that_the_store_is_away_and_works_again_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var store = StoreSet.OnPostgres(server.ConnectionString);
        await store.Schema.MigrateAsync(Cancel);
        var application = await Given.ApplicationAsync(store);
        var endpoint = Given.Id(await Given.EndpointAsync(store, application));
        var cursor = await Given.TakenAsync(store, endpoint);
        var append = await Given.AppendAsync(store, application, Given.Message());

        await server.StopAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Log.AppendAsync([append], DateTimeOffset.MinValue, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Cursors.RecordAsync([Given.Outcome(cursor)], Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Configuration.CreateEndpointAsync(application, Given.Endpoint(application), Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Reads.FindMessageAsync(application, "order-1", false, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Cluster.LookAsync("127.0.0.1:11111@1", Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Schema.MigrateAsync(Cancel));

        await server.StartAgainAsync();
        // Pooled connections that died with the server are found out one by one.
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return await Given.RecordedAsync(store, Given.Outcome(cursor));
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            },
            "outcomes are recorded again",
            TimeSpan.FromSeconds(20));
        Assert.Equal([true], await store.Log.AppendAsync([append], DateTimeOffset.MinValue, Cancel));
        Assert.Equal(1, (await store.Log.ReadHeadAsync(application, Cancel))!.Tail);
    }
}
