using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>An endpoint that is down, under a clock that the test moves: one backoff, whatever waits behind it.</summary>
public sealed class CircuitTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(OrderingMode.Strict, 1)]
    [InlineData(OrderingMode.None, 16)]
    public async Task An_endpoint_that_fails_for_five_days_sees_one_probe_per_step_and_is_then_disabled(OrderingMode ordering, int atOnce)
    {
        const int Messages = 40;
        // The first used up its schedule, and each probe after the deadline of all was a message's only attempt.
        const int Waiting = 20;
        var time = new FakeTimeProvider(Start);
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await StartAsync(time);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString(), c => c with { Ordering = Change<OrderingMode>.To(ordering) });
        for (var i = 0; i < Messages; i++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""");
        }

        // As many as may run at once find out; from then on only probes.
        await Eventually.TrueAsync(() => receiver.Requests.Count >= Math.Min(atOnce, 1), "the first attempt is made");
        var hours = new List<double>();
        while (time.GetUtcNow() < Start.AddDays(6))
        {
            var before = receiver.Requests.Count;
            time.Advance(TimeSpan.FromMinutes(15));
            // A probe takes its time; where none is due there is nothing to wait for.
            await Eventually.WithinAsync(() => Task.FromResult(receiver.Requests.Count > before), TimeSpan.FromMilliseconds(15));
            hours.AddRange(Enumerable.Repeat((time.GetUtcNow() - Start).TotalHours, receiver.Requests.Count - before));
        }

        // After the first quarter of an hour the steps are half an hour and more: five days hold some fifteen.
        Assert.All(hours.Where(static h => h > 0.25).GroupBy(static h => h), static quarter => Assert.Single(quarter));
        Assert.InRange(hours.Count(static h => h > 0.25), 8, 24);
        // The first attempt that fails after five days is the last: at most one step of ten hours later.
        Assert.InRange(hours[^1], 120, 131);
        await Eventually.TrueAsync(async () => (await FindAsync(engine, endpoint)).Disabled, "it is disabled");

        receiver.Answer = ReceiverServer.Status(204);
        var tried = receiver.Requests.Count;
        var enabled = await engine.Grains.GetGrain<IApplicationGrain>(application.Id).UpdateEndpoint(EngineHost.Address(application.Id), endpoint.Id, new EndpointChange { Disabled = Change<bool>.To(false) });
        Assert.NotNull(enabled.Value);
        await AdvanceUntilAsync(time, () => receiver.Requests.Skip(tried).Select(static r => r.Header("webhook-id")).Distinct().Count() >= Waiting, "what waits arrives");
    }

    [Theory]
    [InlineData(410, null)]
    [InlineData(200, "never-heard-of")]
    [InlineData(500, "disable")]
    public async Task A_receiver_that_is_gone_or_asks_for_it_is_disabled_at_once_and_its_queue_waits(int status, string? wish)
    {
        await using var receiver = await ReceiverServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            if (wish is not null)
            {
                context.Response.Headers["webhook-delivery"] = wish;
            }

            return Task.CompletedTask;
        });
        await using var engine = await StartAsync(null);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        var first = await engine.PublishAsync(application.Id, """{"n":1}""");
        if (status == 200)
        {
            await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "it is delivered");
            Assert.False((await FindAsync(engine, endpoint)).Disabled);
            return;
        }

        await Eventually.TrueAsync(async () => (await FindAsync(engine, endpoint)).Disabled, "it is disabled");
        var second = await engine.PublishAsync(application.Id, """{"n":2}""");
        receiver.Answer = ReceiverServer.Status(204);
        Assert.Single(receiver.Requests);

        await engine.Grains.GetGrain<IApplicationGrain>(application.Id).UpdateEndpoint(EngineHost.Address(application.Id), endpoint.Id, new EndpointChange { Disabled = Change<bool>.To(false) });
        await Eventually.TrueAsync(() => receiver.Requests.Count == 3, "both arrive once it is enabled");
        Assert.Equal([first, first, second], receiver.Requests.Select(static r => r.Header("webhook-id")));
    }

    [Fact]
    public async Task A_message_that_the_receiver_wants_no_more_is_given_up_and_the_next_follows()
    {
        await using var receiver = await ReceiverServer.StartAsync((request, context) =>
        {
            context.Response.StatusCode = request.Order == 1 ? 400 : 204;
            context.Response.Headers["webhook-delivery"] = "abort-message";
            return Task.CompletedTask;
        });
        await using var engine = await StartAsync(null);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        var first = await engine.PublishAsync(application.Id, """{"n":1}""");
        var second = await engine.PublishAsync(application.Id, """{"n":2}""");

        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 2, "both were tried");
        Assert.Equal([first, second], receiver.Requests.Select(static r => r.Header("webhook-id")));
        Assert.Null((await engine.AttemptsAsync(endpoint)).Items[0].NextAttemptAt);
    }

    private static Task<EngineHost> StartAsync(TimeProvider? time) => EngineHost.StartAsync(
        Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName,
        time,
        ("Webhooks:Delivery:RetryJitter", "0"),
        ("Webhooks:Delivery:RequestTimeoutSeconds", "300"));

    private static async Task<EndpointDetails> FindAsync(EngineHost engine, EndpointDetails endpoint) =>
        (await engine.Grains.GetGrain<IEndpointQueries>(0).Find(endpoint.ApplicationId, endpoint.Id))!;

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition, string what)
    {
        for (var second = 0; second < 240; second++)
        {
            if (await Eventually.WithinAsync(() => Task.FromResult(condition()), TimeSpan.FromMilliseconds(50)))
            {
                return;
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail("Within four minutes it did not happen that " + what + ".");
    }
}
