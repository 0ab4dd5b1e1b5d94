using System.Net;
using Webhooks.Processes.Tests.Harness;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>The processes of <c>docker-compose.yml</c>: PostgreSQL, three silos, two gateways.</summary>
public sealed class ClusterTests(ClusterTests.Processes processes) : IClassFixture<ClusterTests.Processes>
{
    private const int SlowMilliseconds = 5_000;

    [Fact(Timeout = 120_000)]
    public async Task An_event_through_each_gateway_arrives()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cluster = await processes.WithThreeSilosAsync(cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var plan = await EndpointPlan.CreateAsync(cluster.Gateways[0].Api, receiver, count: 1, typesEach: 1, cancellation);

        var published = new List<string>();
        foreach (var gateway in cluster.Gateways)
        {
            published.Add(await gateway.Api.PublishAsync(plan.Application, plan.EventType(0), """{"a":1}""", cancellation));
        }

        await receiver.WaitForAsync(counts => counts.Received >= published.Count, TimeSpan.FromSeconds(10), cancellation);
        var report = await receiver.ReportAsync(cancellation);
        Assert.Equal(published, report.Select(delivery => delivery.Id));
        Assert.All(report, delivery => Assert.True(delivery.Succeeded, delivery.Invalid));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_dashboard_of_every_gateway_wants_an_organization_token()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cluster = await processes.WithThreeSilosAsync(cancellation);
        foreach (var gateway in cluster.Gateways)
        {
            using var stranger = new HttpClient { BaseAddress = gateway.Address };
            foreach (var path in new[] { "orleans", "orleans/", "orleans/DashboardCounters" })
            {
                using var refused = await stranger.GetAsync(path, cancellation);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }

            using var page = await gateway.Api.GetAsync("orleans/", cancellation);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            using var counters = await gateway.Api.GetAsync("orleans/DashboardCounters", cancellation);
            Assert.Equal(HttpStatusCode.OK, counters.StatusCode);
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task A_silo_that_is_asked_to_stop_loses_nothing_and_repeats_nothing()
    {
        const int endpoints = 12;
        const int events = endpoints * 3;
        var cancellation = TestContext.Current.CancellationToken;
        var cluster = await processes.WithThreeSilosAsync(cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        await receiver.ConfigureAsync(new { delayMs = SlowMilliseconds }, cancellation);
        var api = cluster.Gateways[0].Api;
        var plan = await EndpointPlan.CreateAsync(api, receiver, endpoints, typesEach: 1, cancellation);
        var publishers = new Publishers([.. cluster.Gateways.Select(gateway => gateway.Api)], plan.Application, count: 4);
        await publishers.PublishAsync(0, events, plan.EventType, cancellation);

        await receiver.WaitForAsync(counts => counts.InFlight == endpoints, TimeSpan.FromSeconds(30), cancellation);
        var stopping = cluster.Silos[0];
        Assert.Equal(0, await stopping.TerminateAsync(TimeSpan.FromSeconds(40), cancellation));

        await receiver.WaitForAsync(counts => counts.Succeeded >= events && counts.InFlight == 0, TimeSpan.FromSeconds(60), cancellation);
        var judged = await plan.JudgeAsync(api, publishers, receiver, cancellation);
        Assert.Empty(judged.Lost);
        Assert.Empty(judged.MisplacedInLog);
        foreach (var (_, order, arrivals) in judged.Endpoints)
        {
            Assert.Empty(order.Missing);
            Assert.Empty(order.Inversions);
            Assert.Equal(0, order.Overlaps);
            Assert.Equal(events / endpoints, arrivals.Count);
        }
    }

    /// <summary>One cluster for the tests of this class.</summary>
    public sealed class Processes : IAsyncLifetime
    {
        private WebhooksCluster? _cluster;

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null)
            {
                await _cluster.DisposeAsync();
            }
        }

        internal async Task<WebhooksCluster> WithThreeSilosAsync(CancellationToken cancellation)
        {
            _cluster ??= await WebhooksCluster.StartAsync(silos: 3, gateways: 2, cancellation);
            while (_cluster.Silos.Count < 3)
            {
                await _cluster.StartSiloAsync(cancellation);
            }

            return _cluster;
        }
    }
}
