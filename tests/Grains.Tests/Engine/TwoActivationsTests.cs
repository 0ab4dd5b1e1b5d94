using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>
/// Two clusters over one store, each of which takes the other's silo for dead: every grain can be active twice, as when a
/// silo was frozen and wakes up.
/// </summary>
public sealed class TwoActivationsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_outcome_of_a_superseded_endpoint_is_refused_and_nothing_is_lost()
    {
        var database = await postgres.CreateDatabaseAsync();
        var release = new TaskCompletionSource();
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) =>
        {
            await release.Task;
            context.Response.StatusCode = 204;
        });
        await using var zombie = await StartAsync(database, "one");
        await using var successor = await StartAsync(database, "two");
        var application = await zombie.CreateApplicationAsync();
        var endpoint = await zombie.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        await zombie.PublishAsync(application.Id, """{"n":1}""");
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the zombie's attempt is in flight");
        await successor.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Wake();
        await Eventually.TrueAsync(() => receiver.Requests.Count == 2, "the successor has repeated what was in flight");
        var taken = await CursorAsync(successor, endpoint);
        release.SetResult();

        await Eventually.TrueAsync(async () => (await successor.AttemptsAsync(endpoint)).Items.Count == 1, "the successor's outcome is recorded");
        await successor.PublishAsync(application.Id, """{"n":2}""");
        await Eventually.TrueAsync(() => receiver.Requests.Any(static r => Body(r) == """{"n":2}"""), "the next message is delivered");
        await Eventually.TrueAsync(async () => (await CursorAsync(successor, endpoint)).Position == 2, "the cursor has passed both");

        // The zombie's attempt was seen by the receiver, and by nobody else.
        var attempts = await successor.AttemptsAsync(endpoint);
        Assert.Equal(attempts.Items.Count, attempts.Items.Select(static a => a.Id).Distinct().Count());
        Assert.True(attempts.Items.Count < receiver.Requests.Count);
        Assert.True((await CursorAsync(successor, endpoint)).Epoch >= taken.Epoch);
    }

    [Fact]
    public async Task Two_sequencers_of_one_application_leave_a_dense_log_and_answer_every_publish()
    {
        const int Each = 200;
        var database = await postgres.CreateDatabaseAsync();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var one = await StartAsync(database, "one");
        await using var two = await StartAsync(database, "two");
        var application = await one.CreateApplicationAsync();
        var endpoint = await one.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        var published = await Task.WhenAll(Enumerable.Range(0, Each).SelectMany(i => new[]
        {
            PublishUntilAnsweredAsync(one, application.Id, $$"""{"one":{{i}}}"""),
            PublishUntilAnsweredAsync(two, application.Id, $$"""{"two":{{i}}}"""),
        }));

        Assert.Equal(2 * Each, published.Distinct().Count());
        EntityId.TryParse(EntityId.Application, application.Id, out var id);
        var log = one.Services.GetRequiredService<IMessageLog>();
        var head = await log.ReadHeadAsync(id, CancellationToken.None);
        var ids = await log.ReadIdsAsync(id, 1, long.MaxValue, CancellationToken.None);
        Assert.Equal(2 * Each, head!.Tail);
        Assert.Equal(Enumerable.Range(1, 2 * Each).Select(static i => (long)i), ids.Select(static i => i.Seq));
        Assert.Equal(published.Order(StringComparer.Ordinal), ids.Select(static i => EntityId.Format(EntityId.Message, i.Id)).Order(StringComparer.Ordinal));

        await Eventually.TrueAsync(
            () => receiver.Requests.Select(static r => r.Header("webhook-id")).Distinct().Count() == 2 * Each,
            "every message has arrived",
            TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => (await CursorAsync(one, endpoint)).Position == 2 * Each, "the cursor is at the end of the log", TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_another_sequencer_wrote_and_told_nobody_is_delivered_in_its_place(bool publishes)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await StartAsync(database, "one");
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        // The first is read from the log; from the third on the endpoint takes what it is told.
        for (var n = 1; n <= 3; n++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{n}}}""");
            await Eventually.TrueAsync(() => receiver.Requests.Count == n, "it is delivered");
        }

        await AppendElsewhereAsync(engine, application.Id, """{"n":4}""");
        if (publishes)
        {
            await engine.PublishAsync(application.Id, """{"n":5}""");
        }
        else
        {
            // As recovery does when the silo that wrote it has died.
            await engine.Grains.GetGrain<IApplicationGrain>(application.Id).Wake();
        }

        var last = publishes ? 5 : 4;
        await Eventually.TrueAsync(() => receiver.Requests.Any(r => Body(r) == $$"""{"n":{{last}}}"""), "the last one is delivered");
        Assert.Equal(Enumerable.Range(1, last).Select(static n => $$"""{"n":{{n}}}"""), receiver.Requests.Select(Body));
    }

    /// <summary>An append by a sequencer on another silo, which ends before it has told an endpoint.</summary>
    private static async Task AppendElsewhereAsync(EngineHost engine, string application, string payload)
    {
        EntityId.TryParse(EntityId.Application, application, out var id);
        var log = engine.Services.GetRequiredService<IMessageLog>();
        var head = (await log.ReadHeadAsync(id, CancellationToken.None))!;
        var routing = (await log.ReadRoutingAsync(id, CancellationToken.None))!;
        var message = new NewMessage
        {
            Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
            Token = Guid.NewGuid(),
            CheckToken = false,
            AcceptedAt = TimeProvider.System.GetUtcNow(),
            EventType = "sale.completed",
            Recipients = [.. routing.Endpoints.Select(static e => e.Details.Ordinal)],
            Payload = Encoding.UTF8.GetBytes(payload),
        };
        var written = await log.AppendAsync([new AppendRequest(id, head.Tail, head.RoutingVersion, "S127.0.0.1:1:1", [message])], DateTimeOffset.MinValue, CancellationToken.None);
        Assert.True(written[0]);
    }

    private static Task<EngineHost> StartAsync(string database, string cluster) => EngineHost.StartAsync(
        null,
        null,
        ("ConnectionStrings:Webhooks", database),
        ("Webhooks:Cluster:ClusterId", cluster));

    /// <summary>As the gateway does: the same token again until there is an answer.</summary>
    private static async Task<string> PublishUntilAnsweredAsync(EngineHost engine, string application, string payload)
    {
        var token = Guid.NewGuid();
        while (true)
        {
            try
            {
                return (await engine.TryPublishAsync(application, payload, token)).Value!.Id;
            }
            catch (Exception error) when (error is StoreUnavailableException or Orleans.Runtime.OrleansException or TimeoutException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<CursorRow> CursorAsync(EngineHost engine, EndpointDetails endpoint)
    {
        EntityId.TryParse(EntityId.Endpoint, endpoint.Id, out var id);
        return (await engine.Services.GetRequiredService<ICursorStore>().ReadCursorAsync(id, CancellationToken.None))!;
    }

    private static string Body(ReceivedRequest request) => Encoding.UTF8.GetString(request.Body);
}
