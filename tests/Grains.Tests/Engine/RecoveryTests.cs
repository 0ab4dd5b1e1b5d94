using System.Collections.Concurrent;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>Recoveries: what they send, in what order, how often, and how they end.</summary>
public sealed class RecoveryTests
{
    // One attempt each, then a dead letter.
    private static readonly (string, string)[] OneAttempt = [("Webhooks:Delivery:RetrySchedule:0", "0"), ("Webhooks:Delivery:CircuitFailures", "1000"), ("Webhooks:Delivery:RampStart", "5000")];

    [Theory]
    [InlineData(OrderingMode.Strict)]
    [InlineData(OrderingMode.None)]
    public async Task A_recovery_that_is_cut_off_goes_on_by_itself_and_sends_each_message_once(OrderingMode ordering)
    {
        const int Messages = 250;
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        EndpointDetails endpoint;
        string task;
        await using (var first = await EngineHost.StartAsync(folder.FullName, null, OneAttempt))
        {
            (endpoint, _) = await FailedAsync(first, receiver, Messages, ordering);
            receiver.Answer = ReceiverServer.Status(204);
            task = await StartAsync(first, endpoint, RecoverKind.Failed);
            await Eventually.TrueAsync(() => receiver.Requests.Count > (2 * Messages) + 20, "a part is sent again");
        }

        await using var second = await EngineHost.StartAsync(folder.FullName, null, OneAttempt);
        var progress = await EndedAsync(second, task);

        Assert.Equal((RecoverStatus.Finished, Messages, Messages), (progress.Status, (int)progress.Sent, (int)progress.Matched));
        var sent = receiver.Requests.Skip(2 * Messages).Select(static r => r.Header("webhook-id")).ToList();
        Assert.Equal(Messages, sent.Distinct().Count());
        // The stop was graceful: nothing was in flight that was not recorded.
        Assert.Equal(Messages, sent.Count);
        if (ordering == OrderingMode.Strict)
        {
            Assert.Equal(sent.Order(StringComparer.Ordinal), sent);
        }

        Assert.Equal(0, (await second.Grains.GetGrain<IDeliveryQueries>(0).CountDeadLetters(endpoint.Id)).Count);
    }

    [Fact]
    public async Task What_a_recovery_sends_has_the_whole_schedule_before_it_and_blocks_nothing_that_is_published()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        await using var engine = await EngineHost.StartAsync(Folder(), null, [.. OneAttempt, ("Webhooks:Delivery:RetrySchedule:1", "0")]);
        var (endpoint, failed) = await FailedAsync(engine, receiver, 2, OrderingMode.Strict, attempts: 3);
        var again = new ConcurrentDictionary<string, int>();
        receiver.Answer = (request, context) =>
        {
            var count = again.AddOrUpdate(request.Header("webhook-id"), 1, static (_, count) => count + 1);
            context.Response.StatusCode = count < 3 && failed.Contains(request.Header("webhook-id")) ? 503 : 204;
            return Task.CompletedTask;
        };

        var task = await StartAsync(engine, endpoint, RecoverKind.Failed);
        var live = await engine.PublishAsync(endpoint.ApplicationId, """{"n":"live"}""");

        await Eventually.TrueAsync(() => failed.All(id => again.GetValueOrDefault(id) == 3), "each was tried three times more");
        await Eventually.TrueAsync(() => again.ContainsKey(live), "what is published is delivered beside it");
        Assert.Equal(2, (await EndedAsync(engine, task)).Sent);
        await Eventually.TrueAsync(async () => (await engine.Grains.GetGrain<IDeliveryQueries>(0).CountDeadLetters(endpoint.Id)).Count == 0, "neither is a dead letter any more");
    }

    [Fact]
    public async Task A_recovery_whose_first_message_fails_keeps_the_others_of_a_strict_endpoint_behind_it()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        await using var engine = await EngineHost.StartAsync(Folder(), null, [("Webhooks:Delivery:RetrySchedule:0", "1"), ("Webhooks:Delivery:RetryJitter", "0"), ("Webhooks:Delivery:CircuitFailures", "1000")]);
        var (endpoint, failed) = await FailedAsync(engine, receiver, 3, OrderingMode.Strict);
        var before = receiver.Requests.Count;
        receiver.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Order == before + 1 ? 503 : 204;
            return Task.CompletedTask;
        };

        await EndedAsync(engine, await StartAsync(engine, endpoint, RecoverKind.DeadLetters));

        Assert.Equal([failed[0], .. failed], receiver.Requests.Skip(before).Select(static r => r.Header("webhook-id")));
    }

    [Fact]
    public async Task A_dry_run_counts_and_sends_nothing()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        await using var engine = await EngineHost.StartAsync(Folder(), null, OneAttempt);
        var (endpoint, _) = await FailedAsync(engine, receiver, 5, OrderingMode.Strict);
        var before = receiver.Requests.Count;

        var progress = await EndedAsync(engine, await StartAsync(engine, endpoint, RecoverKind.DeadLetters, dryRun: true));

        Assert.Equal((5L, 0L, 5L, 5L), (progress.Matched, progress.Sent, progress.Scanned, progress.Total));
        Assert.Equal(before, receiver.Requests.Count);
    }

    [Fact]
    public async Task A_cancelled_recovery_sends_nothing_more_and_the_next_one_begins()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        await using var engine = await EngineHost.StartAsync(Folder(), null, [("Webhooks:Delivery:RetrySchedule:0", "0"), ("Webhooks:Delivery:CircuitFailures", "1000"), ("Webhooks:Delivery:RecoveryRate", "20")]);
        var (endpoint, _) = await FailedAsync(engine, receiver, 100, OrderingMode.Strict);
        receiver.Answer = ReceiverServer.Status(204);
        var before = receiver.Requests.Count;
        var cancelled = await StartAsync(engine, endpoint, RecoverKind.Failed);
        await Eventually.TrueAsync(() => receiver.Requests.Count > before + 2, "it is under way");

        var waiting = await StartAsync(engine, endpoint, RecoverKind.Failed, dryRun: true);
        Assert.True(await engine.Grains.GetGrain<IRecoverTaskGrain>(cancelled).Cancel());
        Assert.False(await engine.Grains.GetGrain<IRecoverTaskGrain>(cancelled).Cancel());

        Assert.Equal(RecoverStatus.Cancelled, (await EndedAsync(engine, cancelled)).Status);
        var counted = await EndedAsync(engine, waiting);
        var sent = receiver.Requests.Count - before;
        Assert.InRange(sent, 3, 99);
        Assert.Equal(100 - sent, counted.Matched);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_replayed()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await EngineHost.StartAsync(Folder(), null, OneAttempt);
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        var delivered = await engine.PublishAsync(application.Id, "{}");
        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 1, "the first is delivered");
        receiver.Answer = ReceiverServer.Status(404);
        await engine.PublishAsync(application.Id, "{}");
        await Eventually.TrueAsync(async () => (await engine.AttemptsAsync(endpoint)).Items.Count == 3, "the second has failed for good");
        // One that is there already when an endpoint is created is never sent to it.
        var late = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        receiver.Answer = ReceiverServer.Status(204);

        async Task<long> CountAsync(RecoverKind kind, EndpointDetails at, RecoverFilter? filter = null) => (await EndedAsync(engine, await StartAsync(engine, at, kind, true, filter))).Matched;
        Assert.Equal(2, await CountAsync(RecoverKind.Bulk, endpoint));
        Assert.Equal(1, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(Status: (int)AttemptedStatus.Success)));
        Assert.Equal(1, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(Status: (int)AttemptedStatus.Fail)));
        Assert.Equal(1, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(StatusCodeClass: 400)));
        Assert.Equal(0, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(EventTypes: ["other"])));
        Assert.Equal(0, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(Channel: "vip")));
        Assert.Equal(0, await CountAsync(RecoverKind.Bulk, endpoint, new RecoverFilter(Tag: "t")));
        Assert.Equal(0, await CountAsync(RecoverKind.Missing, endpoint));
        Assert.Equal(2, await CountAsync(RecoverKind.Missing, late));

        await EndedAsync(engine, await StartAsync(engine, endpoint, RecoverKind.Bulk, false, new RecoverFilter(Status: 0)));
        Assert.Equal(delivered, receiver.Requests[^1].Header("webhook-id"));
        var listed = await engine.Grains.GetGrain<IDeliveryQueries>(0).ListTasks(EngineHost.Organization, RecoverStatus.Finished, RecoverKind.Bulk, new PageRequest(50));
        Assert.Equal(8, listed.Items.Count);
    }

    private static string Folder() => Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName;

    /// <summary>An endpoint at which so many messages were tried and given up; their ids in order.</summary>
    private static async Task<(EndpointDetails Endpoint, IReadOnlyList<string> Messages)> FailedAsync(EngineHost engine, ReceiverServer receiver, int messages, OrderingMode ordering, int attempts = 2)
    {
        var application = await engine.CreateApplicationAsync();
        var endpoint = await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString(), c => c with { Ordering = Change<OrderingMode>.To(ordering) });
        var ids = new List<string>();
        for (var i = 0; i < messages; i++)
        {
            ids.Add(await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}"""));
        }

        await Eventually.TrueAsync(() => receiver.Requests.Count == attempts * messages, "all have failed for good", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => (await engine.Grains.GetGrain<IDeliveryQueries>(0).CountDeadLetters(endpoint.Id)).Count == messages, "they are dead letters");
        return (endpoint, ids);
    }

    private static async Task<string> StartAsync(EngineHost engine, EndpointDetails endpoint, RecoverKind kind, bool dryRun = false, RecoverFilter? filter = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var task = EntityId.Format(EntityId.BackgroundTask, TimeOrderedId.Create(now));
        await engine.Grains.GetGrain<IRecoverTaskGrain>(task).Start(new RecoverTask(
            EngineHost.Organization, kind, endpoint.ApplicationId, endpoint.Id, now.AddHours(-1), now.AddSeconds(1), filter, dryRun));
        return task;
    }

    private static async Task<RecoverProgress> EndedAsync(EngineHost engine, string task)
    {
        RecoverProgress? progress = null;
        await Eventually.TrueAsync(
            async () => (progress = await engine.Grains.GetGrain<IRecoverTaskGrain>(task).Look()) is { Finished: true },
            "the recovery ends",
            TimeSpan.FromSeconds(60));
        return progress!;
    }
}
