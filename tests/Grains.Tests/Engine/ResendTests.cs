using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Sending again because somebody asked.</summary>
public sealed class ResendTests
{
    [Fact]
    public async Task What_was_asked_for_and_not_sent_is_sent_by_the_next_process()
    {
        const int Messages = 8;
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        var never = new TaskCompletionSource();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var messages = new List<string>();
        EndpointDetails endpoint;
        await using (var first = await EngineHost.StartAsync(folder.FullName, null, ("Webhooks:Delivery:RequestTimeoutSeconds", "1")))
        {
            var application = await first.CreateApplicationAsync();
            endpoint = await first.CreateEndpointAsync(application.Id, receiver.Url.ToString());
            for (var i = 0; i < Messages; i++)
            {
                messages.Add(await first.PublishAsync(application.Id, "{}"));
            }

            await Eventually.TrueAsync(async () => (await first.AttemptsAsync(endpoint)).Items.Count == Messages, "all were delivered");
            receiver.Answer = (_, context) => never.Task.WaitAsync(context.RequestAborted);
            foreach (var message in messages)
            {
                Assert.NotNull((await first.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Resend(message)).Value);
            }
        }

        receiver.Answer = ReceiverServer.Status(204);
        await using var second = await EngineHost.StartAsync(folder.FullName);
        await second.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Wake();
        await Eventually.TrueAsync(
            async () => (await second.AttemptsAsync(endpoint)).Items.Count(static a => a is { Trigger: AttemptTrigger.Manual }) == Messages,
            "each is tried once more");
        var manual = (await second.AttemptsAsync(endpoint)).Items.Where(static a => a.Trigger == AttemptTrigger.Manual);
        Assert.Equal(messages.Order(StringComparer.Ordinal), manual.Select(static a => a.MessageId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_success_by_hand_settles_the_message_and_lets_those_behind_it_go()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await EngineHost.StartAsync(folder.FullName, null, ("Webhooks:Delivery:RetrySchedule:0", "3600"));
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        var first = await engine.PublishAsync(application.Id, """{"n":1}""");
        var second = await engine.PublishAsync(application.Id, """{"n":2}""");
        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "the first attempt failed");

        receiver.Answer = ReceiverServer.Status(204);
        Assert.NotNull((await engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).Resend(first)).Value);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 3, "the second followed");
        Assert.Equal([first, first, second], receiver.Requests.Select(static r => r.Header("webhook-id")));
        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 3, "all are recorded");
        Assert.Equal(
            [AttemptTrigger.Scheduled, AttemptTrigger.Manual, AttemptTrigger.Scheduled],
            (await engine.AttemptsAsync(endpoint)).Items.Select(static a => a.Trigger));
    }
}
