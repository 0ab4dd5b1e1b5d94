using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary><c>kill -9</c> in the middle of the work.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Events = 5_000;
    private const int Endpoints = 5;
    private const int TypesEach = 2;
    private const int Publishers = 8;

    /// <summary>
    /// In flight is one attempt of a strict endpoint; not yet recorded are at most 512 outcomes (setting), and none older
    /// than 2 s (setting).
    /// </summary>
    private const int RepeatsOfOneCrash = 600;

    [Fact(Timeout = 240_000)]
    public async Task A_killed_standalone_process_loses_nothing_that_it_had_accepted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new TemporaryFolder();
        var settings = Settings.Standalone(data.Path);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        await receiver.ConfigureAsync(new { delayMs = 3 }, cancellation);

        // The first time nobody publishes after the kill: what is left in the log must flow by itself.
        await using var first = await GatewayProcess.StartAsync(settings, cancellation);
        settings = settings.With("ASPNETCORE_URLS", first.Address.AbsoluteUri.TrimEnd('/'));
        var plan = await EndpointPlan.CreateAsync(first.Api, receiver, Endpoints, TypesEach, cancellation);
        var publishers = new Publishers([first.Api], plan.Application, Publishers);
        await publishers.PublishAsync(0, Events / 2, plan.EventType, cancellation);
        await first.KillAsync();

        var killedAt = TimeProvider.System.GetUtcNow();
        var waiting = await plan.WaitingAsync(publishers, receiver, cancellation);
        await using var second = await GatewayProcess.StartAsync(settings, cancellation);
        await AssertFlowsAsync(waiting, receiver, killedAt, "the standalone process was killed and started", cancellation);

        // The second time publishers go on trying.
        var publishing = publishers.PublishAsync(Events / 2, Events, plan.EventType, cancellation);
        await Waiting.UntilAsync(() => publishers.AcceptedCount >= Events * 3 / 4, TimeSpan.FromSeconds(60), "three quarters are accepted", cancellation);
        await second.KillAsync();
        await using var third = await GatewayProcess.StartAsync(settings, cancellation);
        await publishing;
        output.WriteLine($"{publishers.Repeated} publish requests repeated");

        await AssertAllArriveAsync(plan, third.Api, publishers, receiver, kills: 2, cancellation);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_killed_silo_of_two_loses_nothing_that_the_cluster_had_accepted()
    {
        Assert.SkipUnless(LongTests.Wanted, LongTests.Skipped);
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 2, cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        await receiver.ConfigureAsync(new { delayMs = 3 }, cancellation);
        var api = cluster.Gateways[0].Api;
        var plan = await EndpointPlan.CreateAsync(api, receiver, Endpoints, TypesEach, cancellation);
        var publishers = new Publishers([.. cluster.Gateways.Select(gateway => gateway.Api)], plan.Application, Publishers);

        // The first time publishers go on.
        var publishing = publishers.PublishAsync(0, Events / 2, plan.EventType, cancellation);
        await Waiting.UntilAsync(() => publishers.AcceptedCount >= Events / 4, TimeSpan.FromSeconds(60), "a quarter is accepted", cancellation);
        await cluster.Silos[0].KillAsync();
        await publishing;
        output.WriteLine($"{publishers.Repeated} publish requests repeated");

        // The second time nobody publishes after the kill, and the silo that is killed did all the work.
        await cluster.StartSiloAsync(cancellation);
        await publishers.PublishAsync(Events / 2, Events, plan.EventType, cancellation);
        await cluster.Silos[0].KillAsync();

        var killedAt = TimeProvider.System.GetUtcNow();
        var waiting = await plan.WaitingAsync(publishers, receiver, cancellation);
        await AssertFlowsAsync(waiting, receiver, killedAt, "a silo was killed", cancellation);

        await AssertAllArriveAsync(plan, api, publishers, receiver, kills: 2, cancellation);
    }

    // Each of the endpoints gets a request that began after the moment.
    private async Task AssertFlowsAsync(IReadOnlyList<string> paths, NodeReceiver receiver, DateTimeOffset since, string what, CancellationToken cancellation)
    {
        Assert.True(paths.Count > 0, "nothing was left to deliver at the kill");
        var moment = since.ToUnixTimeMilliseconds();
        var firsts = await Waiting.ForAsync(
            async () =>
            {
                var report = await receiver.ReportAsync(cancellation);
                return paths.Select(path => report.FirstOrDefault(delivery => delivery.Path == path && delivery.StartedAt > moment)?.StartedAt).ToList();
            },
            firsts => firsts.All(first => first is not null),
            TimeSpan.FromSeconds(30),
            $"deliveries flow again after {what}",
            cancellation);
        output.WriteLine($"flowing again to {paths.Count} endpoints {(firsts.Max()!.Value - moment) / 1000:F1} s after {what}, nobody publishing");
    }

    private async Task AssertAllArriveAsync(
        EndpointPlan plan, WebhooksApi api, Publishers publishers, NodeReceiver receiver, int kills, CancellationToken cancellation)
    {
        Assert.Equal(Events, publishers.AcceptedCount);
        var expected = plan.Deliveries(Events);
        await receiver.WaitForAsync(counts => counts.Succeeded >= expected, TimeSpan.FromSeconds(90), cancellation);
        var judged = await Waiting.ForAsync(
            () => plan.JudgeAsync(api, publishers, receiver, cancellation),
            judgement => judgement.Endpoints.All(endpoint => endpoint.Order.Missing.Count == 0),
            TimeSpan.FromSeconds(30),
            "everything that was answered 202 has arrived",
            cancellation);

        Assert.Empty(judged.Lost);
        Assert.Empty(judged.Unasked);
        Assert.Empty(judged.MisplacedInLog);
        foreach (var (id, order, _) in judged.Endpoints)
        {
            output.WriteLine($"{id}: {order.Repeats} repeated, {order.StepsBack} steps back, {order.Overlaps} overlapping");
            Assert.Empty(order.Inversions);
            Assert.InRange(order.StepsBack, 0, kills);
            Assert.InRange(order.Repeats, 0, kills * RepeatsOfOneCrash);
        }

        Assert.Equal(0, (await receiver.CountsAsync(cancellation)).Invalid);
    }
}
