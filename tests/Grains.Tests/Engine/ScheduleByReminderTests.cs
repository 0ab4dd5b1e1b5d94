using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Scheduled messages under a clock that the test moves, over the end of the process that accepted them.</summary>
public sealed class ScheduleByReminderTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_message_for_tomorrow_is_sent_tomorrow_by_a_process_that_has_not_accepted_it()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        (string, string)[] settings = [("Webhooks:Delivery:RequestTimeoutSeconds", "300")];
        string later, sooner;
        await using (var first = await EngineHost.StartAsync(folder.FullName, time, settings))
        {
            var application = await first.CreateApplicationAsync();
            await first.CreateEndpointAsync(application.Id, receiver.Url.ToString());
            later = await PublishAsync(first, application.Id, "later", time.GetUtcNow().AddHours(24));
            sooner = await PublishAsync(first, application.Id, "sooner", time.GetUtcNow().AddHours(23));
        }

        await using var second = await EngineHost.StartAsync(folder.FullName, time, settings);
        time.Advance(TimeSpan.FromHours(22));
        Assert.Empty(receiver.Requests);
        time.Advance(TimeSpan.FromHours(1));
        await AdvanceUntilAsync(time, () => receiver.Requests.Count > 0, "the sooner one was sent");
        time.Advance(TimeSpan.FromMinutes(50));
        Assert.Single(receiver.Requests);
        time.Advance(TimeSpan.FromMinutes(10));
        await AdvanceUntilAsync(time, () => receiver.Requests.Count > 1, "the later one was sent");

        Assert.Equal([sooner, later], receiver.Requests.Select(static r => r.Header("webhook-id")));
    }

    private static async Task<string> PublishAsync(EngineHost engine, string application, string eventId, DateTimeOffset at)
    {
        var answer = await engine.Grains.GetGrain<IApplicationGrain>(application).Publish(EngineHost.Address(application), new PublishMessage
        {
            Token = Guid.NewGuid(),
            MayBeRepeat = false,
            EventType = "test.event",
            EventId = eventId,
            Payload = "{}"u8.ToArray(),
            DeliverAt = at,
        });
        return answer.Value!.Id;
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition, string what)
    {
        for (var moved = TimeSpan.Zero; moved < TimeSpan.FromMinutes(4); moved += Step)
        {
            if (await Eventually.WithinAsync(() => Task.FromResult(condition()), TimeSpan.FromMilliseconds(150)))
            {
                return;
            }

            time.Advance(Step);
        }

        Assert.Fail("Within four minutes it did not happen that " + what + ".");
    }
}
