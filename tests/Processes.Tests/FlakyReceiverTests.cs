using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>A cluster of processes against a receiver that fails at random.</summary>
public sealed class FlakyReceiverTests(ITestOutputHelper output)
{
    private const int Endpoints = 20;
    private static readonly int Events = LongTests.Wanted ? 20_000 : 2_000;
    private const int Publishers = 16;
    private const double FailRate = 0.05;

    [Fact(Timeout = 300_000)]
    public async Task A_receiver_that_fails_one_request_in_twenty_gets_everything_in_order()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 2, cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        await receiver.ConfigureAsync(new { failRate = FailRate, seed = 20_000 }, cancellation);

        var plan = await EndpointPlan.CreateAsync(cluster.Gateways[0].Api, receiver, Endpoints, typesEach: 1, cancellation);
        var publishers = new Publishers([.. cluster.Gateways.Select(gateway => gateway.Api)], plan.Application, Publishers);

        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        await publishers.PublishAsync(0, Events, plan.EventType, cancellation);
        output.WriteLine($"{Events} events accepted in {clock.GetElapsedTime(started).TotalSeconds:F1} s, {publishers.Repeated} requests repeated");
        await receiver.WaitForAsync(counts => counts.Succeeded >= Events, TimeSpan.FromSeconds(180), cancellation);
        output.WriteLine($"all delivered after {clock.GetElapsedTime(started).TotalSeconds:F1} s");

        var judged = await plan.JudgeAsync(cluster.Gateways[1].Api, publishers, receiver, cancellation);
        Assert.Empty(judged.MisplacedInLog);
        foreach (var (endpoint, order, arrivals) in judged.Endpoints)
        {
            Assert.Empty(order.Inversions);
            Assert.Empty(order.Missing);
            Assert.Equal(0, order.Repeats);
            Assert.Equal(0, order.Overlaps);
            await AssertListedAsync(cluster.Gateways[0].Api, plan.Application, endpoint, arrivals, cancellation);
        }

        var counts = await receiver.CountsAsync(cancellation);
        output.WriteLine($"{counts.Received} requests, {counts.Failed} of them failed on purpose");
        Assert.InRange(counts.Failed, Events * FailRate / 2, Events * FailRate * 2);
        Assert.Equal(0, counts.Invalid);
    }

    // The last outcomes may still be on their way to the store when the receiver has answered.
    private static async Task AssertListedAsync(WebhooksApi api, string application, string endpoint, IReadOnlyList<Delivery> arrivals, CancellationToken cancellation)
    {
        var seen = arrivals.Select(arrival => new AnsweredAttempt(arrival.Id, arrival.Status!.Value)).ToList();
        var listed = await Waiting.ForAsync(
            () => api.ListAttemptsAsync(application, endpoint, cancellation),
            attempts => attempts.Count >= seen.Count,
            TimeSpan.FromSeconds(10),
            $"attempts of {endpoint} are listed",
            cancellation);
        Assert.Equal(seen, listed);
    }
}
