using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>A connection to the store breaks around a commit: its outcome is unknown, and is found out before anything else happens.</summary>
public sealed class BrokenConnectionTests(PostgresFixture postgres)
{
    private const string Marker = "cut-around-this-commit";

    [Theory]
    [InlineData(CutPoint.AfterTheServer)]
    [InlineData(CutPoint.BeforeTheServer)]
    public async Task A_publish_whose_commit_is_unknown_becomes_one_message_and_one_answer(CutPoint point)
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var (proxy, database) = await ProxiedAsync();
        await using var _ = proxy;
        await using var engine = await EngineHost.StartAsync(null, null, ("ConnectionStrings:Webhooks", database));
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        await engine.PublishAsync(application.Id, """{"n":"first"}""");

        proxy.Arm(Encoding.UTF8.GetBytes(Marker), point);
        // Company in the same commits, and after it.
        var others = Enumerable.Range(0, 20).Select(i => engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""")).ToArray();
        var cut = await engine.PublishAsync(application.Id, $$"""{"n":"{{Marker}}"}""");
        var answered = (string[])[cut, .. await Task.WhenAll(others)];

        Assert.Equal(1, proxy.Cuts);
        EntityId.TryParse(EntityId.Application, application.Id, out var id);
        var log = engine.Services.GetRequiredService<IMessageLog>();
        var stored = await log.ReadIdsAsync(id, 1, long.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 22).Select(static i => (long)i), stored.Select(static m => m.Seq));
        Assert.Equal(answered.Order(StringComparer.Ordinal), stored.Skip(1).Select(static m => EntityId.Format(EntityId.Message, m.Id)).Order(StringComparer.Ordinal));

        await Eventually.TrueAsync(() => receiver.Requests.Count == 22, "everything is delivered");
        Assert.Equal(
            stored.Select(static m => EntityId.Format(EntityId.Message, m.Id)),
            receiver.Requests.Select(static r => r.Header("webhook-id")));
    }

    [Theory]
    [InlineData(CutPoint.AfterTheServer)]
    [InlineData(CutPoint.BeforeTheServer)]
    public async Task An_endpoint_whose_activation_breaks_off_at_the_store_is_activated_again(CutPoint point)
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var (proxy, database) = await ProxiedAsync();
        await using var _ = proxy;
        await using var engine = await EngineHost.StartAsync(null, null, ("ConnectionStrings:Webhooks", database));
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        proxy.Arm("SET epoch = epoch + 1, owner"u8.ToArray(), point);
        await engine.PublishAsync(application.Id, """{"n":1}""");

        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the message is delivered");
        Assert.Equal(1, proxy.Cuts);
    }

    [Theory]
    [InlineData(CutPoint.AfterTheServer)]
    [InlineData(CutPoint.BeforeTheServer)]
    public async Task An_outcome_whose_commit_is_unknown_is_recorded_once_and_nothing_is_sent_again(CutPoint point)
    {
        // The receiver's answer lies in the outcome: that is how the proxy knows it.
        await using var receiver = await ReceiverServer.StartAsync(static (_, context) => context.Response.WriteAsync(Marker));
        var (proxy, database) = await ProxiedAsync();
        await using var _ = proxy;
        await using var engine = await EngineHost.StartAsync(null, null, ("ConnectionStrings:Webhooks", database));
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        proxy.Arm(Encoding.UTF8.GetBytes(Marker), point);
        for (var i = 0; i < 3; i++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""");
        }

        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 3, "every attempt is recorded");
        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(3, receiver.Requests.Count);
        Assert.Equal(3, (await engine.AttemptsAsync(endpoint)).Items.Select(static a => a.MessageId).Distinct().Count());
    }

    private async Task<(StoreProxy Proxy, string ConnectionString)> ProxiedAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var proxy = StoreProxy.Start(settings.Port);
        settings.Port = proxy.Port;
        return (proxy, settings.ConnectionString);
    }
}
