using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Operations;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Ten days of an endpoint that fails from the first message on, under a clock that the test moves.</summary>
public sealed class TenDaysTests
{
    private const int Messages = 20;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A reminder rings each minute; with what a silo needs to see to it.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Seconds between attempts. The first message has its whole schedule (eight attempts). With its fifth failure in a row
    /// the circuit has opened, so the second message waits for step 4 of the probes (two hours) and is then past its own
    /// deadline at the next one. From then on each probe is a message's only attempt, ten hours apart, until five days of
    /// failing are over: that attempt is the last.
    /// </summary>
    private static readonly int[] Gaps = [5, 300, 1800, 7200, 18000, 36000, 36000, 7200, 18000, 36000, 36000, 36000, 36000, 36000, 36000, 36000, 36000, 36000];

    [Fact]
    public async Task Steps_reminders_the_end_and_what_operators_hear_are_as_documented()
    {
        var time = new FakeTimeProvider(Start);
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var operators = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await EngineHost.StartAsync(
            Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName,
            time,
            ("Webhooks:Delivery:RetryJitter", "0"),
            // An attempt's deadline runs on the moved clock too: a slow machine must not fail it.
            ("Webhooks:Delivery:RequestTimeoutSeconds", "300"));
        await SubscribeAsync(engine, operators);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        for (var i = 0; i < Messages; i++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""");
        }

        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "the first attempt is recorded");
        foreach (var (index, gap) in Gaps.Index())
        {
            var before = time.GetUtcNow();
            if (gap > 120)
            {
                await Eventually.TrueAsync(async () => await RemindersAsync(engine, endpoint) == 1, "one reminder keeps the long wait");
                time.Advance(TimeSpan.FromSeconds(gap - 2));
                Assert.Equal(index + 1, receiver.Requests.Count);
            }

            await AdvanceUntilAsync(time, () => receiver.Requests.Count == index + 2, $"attempt {index + 2} is made");
            Assert.InRange((time.GetUtcNow() - before).TotalSeconds, gap - 1, gap + Late.TotalSeconds);
            await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == index + 2, "it is recorded");
        }

        // Five days have passed at the last attempt, and had not at the one before.
        var attempts = (await engine.AttemptsAsync(endpoint)).Items;
        Assert.InRange((attempts[^1].StartedAt - attempts[0].StartedAt).TotalDays, 5, 5.3);
        Assert.True((attempts[^2].StartedAt - attempts[0].StartedAt).TotalDays < 5);
        await Eventually.TrueAsync(async () => (await FindAsync(engine, endpoint)).Disabled, "it is disabled");
        await Eventually.TrueAsync(async () => await RemindersAsync(engine, endpoint) == 0, "nothing reminds of it any more");

        while (time.GetUtcNow() < Start.AddDays(10))
        {
            time.Advance(TimeSpan.FromHours(4));
        }

        Assert.Equal(Gaps.Length + 1, receiver.Requests.Count);
        // The first eleven messages were tried and given up; the others wait.
        Assert.Equal(11, receiver.Requests.Select(static r => r.Header("webhook-id")).Distinct().Count());
        Assert.Equal(11, (await engine.Grains.GetGrain<IDeliveryQueries>(0).CountDeadLetters(endpoint.Id)).Count);
        await AdvanceUntilAsync(time, () => operators.Requests.Count == 14, "operators have heard of it all");
        Assert.Equal(
            ["endpoint.created", "message.attempt.failing", .. Enumerable.Repeat("message.attempt.exhausted", 11), "endpoint.disabled"],
            operators.Requests.Select(static r => JsonDocument.Parse(r.Body).RootElement.GetProperty("type").GetString()));
        var disabled = JsonDocument.Parse(operators.Requests[^1].Body).RootElement.GetProperty("data");
        Assert.Equal(attempts[0].StartedAt, disabled.GetProperty("failSince").GetDateTimeOffset());
    }

    private static async Task<EndpointDetails> FindAsync(EngineHost engine, EndpointDetails endpoint) =>
        (await engine.Grains.GetGrain<IEndpointQueries>(0).Find(endpoint.ApplicationId, endpoint.Id))!;

    private static async Task<int> RemindersAsync(EngineHost engine, EndpointDetails endpoint)
    {
        var grain = engine.Grains.GetGrain<IEndpointGrain>(endpoint.Id).GetGrainId();
        return (await engine.Services.GetRequiredService<IReminderTable>().ReadRows(grain)).Reminders.Count;
    }

    private static async Task SubscribeAsync(EngineHost engine, ReceiverServer operators)
    {
        var id = EntityId.Format(EntityId.Application, TimeOrderedId.Create(Start));
        var grain = engine.Grains.GetGrain<IApplicationGrain>(id);
        Assert.NotNull((await grain.Create(OperationalWebhooks.Management, new ApplicationChange { Name = Change<string>.To("operators"), Uid = Change<string?>.To(EngineHost.Organization) })).Value);
        var endpoint = new EndpointChange { Url = Change<string>.To(operators.Url.ToString()), Version = Change<int>.To(1) };
        Assert.NotNull((await grain.CreateEndpoint(new ApplicationAddress(OperationalWebhooks.Management, id), endpoint, null)).Value);
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition, string what)
    {
        for (var second = 0; second < 600; second++)
        {
            if (await Eventually.WithinAsync(() => Task.FromResult(condition()), TimeSpan.FromMilliseconds(60)))
            {
                return;
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail("Within ten minutes it did not happen that " + what + ".");
    }
}
