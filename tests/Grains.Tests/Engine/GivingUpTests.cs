using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>What waits is given up because somebody asked: never silently, and what comes after it flows.</summary>
public sealed class GivingUpTests
{
    [Fact]
    public async Task A_skipped_head_is_a_dead_letter_and_the_next_message_follows()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await StartAsync();
        var (endpoint, messages) = await WaitingAsync(engine, receiver, 3);
        receiver.Answer = ReceiverServer.Status(204);

        var skipped = await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Skip(null);

        Assert.Equal((messages[0], false), (skipped.Value!.MessageId, skipped.Value.InFlight));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 3, "the others were delivered");
        Assert.Equal(messages, receiver.Requests.Select(static r => r.Header("webhook-id")));
        Assert.Equal([(messages[0], "skipped")], await DeadLettersAsync(engine, endpoint));
        Assert.Equal(RefusalKind.NotFound, (await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Skip(null)).Refusal!.Kind);
    }

    [Fact]
    public async Task A_message_that_waits_further_back_is_left_out_when_its_turn_comes_also_by_another_activation()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await StartAsync();
        var (endpoint, messages) = await WaitingAsync(engine, receiver, 4);

        var skipped = await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Skip(messages[2]);
        Assert.Equal(messages[2], skipped.Value!.MessageId);
        await engine.DeactivateAllAsync();
        receiver.Answer = ReceiverServer.Status(204);
        Assert.NotNull((await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Skip(messages[0])).Value);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 3, "the rest was delivered");
        Assert.Equal([messages[0], messages[1], messages[3]], receiver.Requests.Select(static r => r.Header("webhook-id")));
        Assert.Equal([(messages[2], "skipped"), (messages[0], "skipped")], await DeadLettersAsync(engine, endpoint));
    }

    [Theory]
    [InlineData(OrderingMode.Strict)]
    [InlineData(OrderingMode.None)]
    public async Task All_that_waits_is_given_up_listed_and_counted_and_can_be_sent_again(OrderingMode ordering)
    {
        const int Messages = 40;
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await StartAsync();
        var (endpoint, messages) = await WaitingAsync(engine, receiver, Messages, ordering);

        var given = await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).GiveUp(Messages, "purged");

        Assert.NotNull(given.Value);
        await Eventually.TrueAsync(async () => await CountAsync(engine, endpoint) == Messages, "all are dead letters");
        Assert.Equal(messages.Reverse().Select(static m => (m, "purged")), await DeadLettersAsync(engine, endpoint));
        receiver.Answer = ReceiverServer.Status(204);
        var before = receiver.Requests.Count;
        var live = await engine.PublishAsync(endpoint.ApplicationId, "{}");
        await Eventually.TrueAsync(() => receiver.Requests.Count == before + 1, "what comes after it flows");
        Assert.Equal(live, receiver.Requests[^1].Header("webhook-id"));

        Assert.NotNull((await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Resend(messages[7])).Value);
        await Eventually.TrueAsync(async () => await CountAsync(engine, endpoint) == Messages - 1, "what was delivered is no dead letter");
        var page = await engine.Grains.GetGrain<IDeliveryQueries>(0).ListDeadLetters(endpoint.ApplicationId, endpoint.Id, false, new PageRequest(5, messages[10], false, true));
        Assert.Equal([messages[9], messages[8], messages[6], messages[5], messages[4]], page.Items.Select(static l => l.Message.Id));
        var explained = await engine.Grains.GetGrain<IDeliveryQueries>(0).Explain(endpoint, messages[20]);
        Assert.Equal((DeliveryStanding.DeadLetter, "purged"), (explained!.Standing, explained.DeadReason));
    }

    [Fact]
    public async Task What_was_sent_by_hand_before_its_turn_is_not_sent_again_when_it_comes()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await StartAsync();
        var (endpoint, messages) = await WaitingAsync(engine, receiver, 3);
        var before = receiver.Requests.Count;
        receiver.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Header("webhook-id") == messages[2] || request.Order > before + 1 ? 204 : 503;
            return Task.CompletedTask;
        };

        Assert.NotNull((await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Resend(messages[2])).Value);

        await Eventually.TrueAsync(() => receiver.Requests.Count >= before + 3, "the others follow, since the receiver is back");
        await engine.PublishAsync(endpoint.ApplicationId, """{"n":"last"}""");
        await Eventually.TrueAsync(() => receiver.Requests.Count >= before + 4, "and the next one");
        Assert.Equal(1, receiver.Requests.Count(r => r.Header("webhook-id") == messages[2]));
    }

    private static Task<EngineHost> StartAsync() => EngineHost.StartAsync(
        Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName,
        null,
        ("Webhooks:Delivery:RetrySchedule:0", "3600"),
        ("Webhooks:Delivery:CircuitFailures", "1000"),
        ("Webhooks:Delivery:RampStart", "5000"));

    /// <summary>An endpoint whose first messages have failed and are to be tried again in an hour; the rest waits behind them.</summary>
    private static async Task<(EndpointDetails Endpoint, string[] Messages)> WaitingAsync(EngineHost engine, ReceiverServer receiver, int messages, OrderingMode ordering = OrderingMode.Strict)
    {
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString(), c => c with { Ordering = Change<OrderingMode>.To(ordering) });
        var ids = new List<string>();
        for (var i = 0; i < messages; i++)
        {
            ids.Add(await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}"""));
            if (i == 0)
            {
                await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "the first has failed");
            }
        }

        return (endpoint, [.. ids]);
    }

    private static async Task<long> CountAsync(EngineHost engine, EndpointDetails endpoint) =>
        (await engine.Grains.GetGrain<IDeliveryQueries>(0).CountDeadLetters(endpoint.Id)).Count;

    private static async Task<IEnumerable<(string, string)>> DeadLettersAsync(EngineHost engine, EndpointDetails endpoint) =>
        (await engine.Grains.GetGrain<IDeliveryQueries>(0).ListDeadLetters(endpoint.ApplicationId, endpoint.Id, false, new PageRequest(250, Descending: true)))
            .Items.Select(static l => (l.Message.Id, l.Reason));
}
