using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Hours of backoff under a clock that the test moves.</summary>
public sealed class RetryByReminderTests
{
    [Fact]
    public async Task An_endpoint_that_is_down_past_a_minute_is_retried_by_its_reminder_after_its_grain_is_gone()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await EngineHost.StartAsync(
            folder.FullName,
            time,
            ("Webhooks:Delivery:RetrySchedule:0", "5"),
            ("Webhooks:Delivery:RetrySchedule:1", "1800"),
            ("Webhooks:Delivery:RetryJitter", "0"),
            // An attempt's deadline runs on the moved clock too: a slow machine must not fail it.
            ("Webhooks:Delivery:RequestTimeoutSeconds", "300"));
        using var gauges = new Gauges(engine);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        await engine.PublishAsync(application.Id, """{"n":1}""");
        await engine.PublishAsync(application.Id, """{"n":2}""");
        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "the first attempt is recorded");
        Assert.Empty(await RemindersAsync(engine, endpoint));

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 2, "the timer retried after 5 s");
        await Eventually.TrueAsync(async () => (await RemindersAsync(engine, endpoint)).Count == 1, "the long wait is kept by a reminder");

        await engine.DeactivateAllAsync();
        receiver.Answer = ReceiverServer.Status(204);
        var before = receiver.Requests.Count;
        time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(before, receiver.Requests.Count);
        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3), () => Task.FromResult(receiver.Requests.Count > before), "the reminder woke the endpoint");
        // Time goes on: a grain that is collected just now hands over to a successor, which may wait for an attempt's deadline.
        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), () => Task.FromResult(receiver.Requests.Count >= before + 2), "it delivered both");

        Assert.True(gauges.Count("webhooks.reminders.ticks", "kind", "retry") > 0);
        Assert.Equal(["""{"n":1}""", """{"n":2}"""], receiver.Requests.Skip(before).Select(static r => System.Text.Encoding.UTF8.GetString(r.Body)));
        await Eventually.TrueAsync(async () => (await RemindersAsync(engine, endpoint)).Count == 0, "no reminder is left once the queue has drained");
        await Eventually.TrueAsync(() => gauges.Count("webhooks.reminders.held", "kind", "retry") == 0, "none is counted either");
    }

    private static async Task<IReadOnlyList<ReminderEntry>> RemindersAsync(EngineHost engine, EndpointDetails endpoint)
    {
        var grain = engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).GetGrainId();
        var rows = await engine.Services.GetRequiredService<IReminderTable>().ReadRows(grain);
        return [.. rows.Reminders];
    }

    /// <summary>Moves the clock step by step: what becomes due is let happen before the next step.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, TimeSpan most, Func<Task<bool>> condition, string what)
    {
        for (var moved = TimeSpan.Zero; moved < most; moved += step)
        {
            time.Advance(step);
            if (await Eventually.WithinAsync(condition, TimeSpan.FromMilliseconds(150)))
            {
                return;
            }
        }

        Assert.Fail($"Within {most} it did not happen that {what}.");
    }
}
