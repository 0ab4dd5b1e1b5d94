using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>What health and metrics say of messages that wait.</summary>
public sealed class WaitingTests
{
    private const string Age = "webhooks.endpoint.oldest_waiting.age";

    [Fact]
    public async Task A_silo_whose_attempt_places_are_all_taken_is_not_ready_and_says_which_endpoint_waits()
    {
        var release = new TaskCompletionSource();
        await using var hanging = await ReceiverServer.StartAsync((_, _) => release.Task);
        await using var healthy = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var folder = Directory.CreateTempSubdirectory("waiting-tests").FullName;
        await using var engine = await EngineHost.StartAsync(folder, null, ("Webhooks:Delivery:SiloAttempts", "1"), ("Webhooks:Delivery:SiloFailingAttempts", "1"), ("Webhooks:Health:StuckSeconds", "1"));
        using var gauges = new Gauges(engine);
        var application = await engine.CreateApplicationAsync();
        var first = await engine.CreateEndpointAsync(application.Id, hanging.Url.ToString());
        await engine.PublishAsync(application.Id, "{}");
        await Eventually.TrueAsync(() => hanging.Requests.Count == 1, "the only place is taken");
        var second = await engine.CreateEndpointAsync(application.Id, healthy.Url.ToString());
        await engine.PublishAsync(application.Id, "{}");

        var report = await UntilAsync(engine, HealthStatus.Unhealthy);
        Assert.Contains(second.Id, report.Description, StringComparison.Ordinal);
        Assert.Equal([first.Id, second.Id], gauges.Read(Age).Select(static m => (string?)m.Tags["endpoint"]).Order(StringComparer.Ordinal));
        Assert.All(gauges.Read(Age), m => Assert.Equal(application.Id, m.Tags["application"]));
        Assert.Equal(2, Assert.Single(gauges.Read("webhooks.queue.waiting_endpoints")).Value);

        Assert.Equal(3, Assert.Single(gauges.Read("webhooks.queue.depth")).Value);
        Assert.Equal([1, 2], gauges.Read("webhooks.endpoint.queue.depth").Select(static m => m.Value).Order());
        Assert.Equal([0, 1], gauges.Read("webhooks.attempts.active").Select(static m => m.Value).Order());

        release.SetResult();
        await UntilAsync(engine, HealthStatus.Healthy);
        await Eventually.TrueAsync(() => gauges.Read(Age).Count == 0, "nothing waits");
        Assert.Equal(2, gauges.Count("webhooks.messages.accepted"));
        Assert.Equal(3, gauges.Count("webhooks.attempts", "outcome", "success"));
    }

    [Fact]
    public async Task An_endpoint_that_backs_off_is_measured_and_is_not_stuck()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(start);
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        var folder = Directory.CreateTempSubdirectory("waiting-tests").FullName;
        await using var engine = await EngineHost.StartAsync(folder, time, ("Webhooks:Delivery:RetrySchedule:0", "300"), ("Webhooks:Delivery:RetryJitter", "0"));
        using var gauges = new Gauges(engine);
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        await engine.PublishAsync(application.Id, "{}");
        var marks = engine.Services.GetRequiredService<EndpointMarks>();
        await Eventually.TrueAsync(() => gauges.Count("webhooks.attempts", "outcome", "http_error") > 0, "the attempt has failed");
        await Eventually.TrueAsync(() => marks.FindStuck(DateTimeOffset.MaxValue).Due == start.AddSeconds(300), "the next one is planned");

        time.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal(200, Assert.Single(gauges.Read(Age)).Value, 1);
        Assert.Equal(0, marks.FindStuck(time.GetUtcNow().AddSeconds(-30)).Count);
    }

    [Fact]
    public void Of_many_endpoints_those_are_measured_whose_message_is_the_oldest()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var marks = new EndpointMarks();
        for (var i = 0; i < 50; i++)
        {
            marks.Enter(new EndpointMark("app_1", "ep_" + i) { Oldest = i % 2 == 0 ? start.AddSeconds(i) : null });
        }

        Assert.Equal(["ep_0", "ep_2", "ep_4"], marks.FindOldest(3).OrderBy(static m => m.Oldest).Select(static m => m.Mark.Endpoint));
        Assert.Equal(25, marks.CountWaiting());
    }

    private static async Task<HealthReportEntry> UntilAsync(EngineHost engine, HealthStatus status)
    {
        var health = engine.Services.GetRequiredService<HealthCheckService>();
        HealthReportEntry entry = default;
        await Eventually.TrueAsync(
            async () =>
            {
                entry = (await health.CheckHealthAsync(static check => check.Name == "deliveries")).Entries["deliveries"];
                return entry.Status == status;
            },
            "the silo's deliveries are " + status);
        return entry;
    }
}
