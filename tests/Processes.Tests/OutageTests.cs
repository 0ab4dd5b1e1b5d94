using System.Net;
using System.Text.Json.Nodes;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>No store, or no silo: a gateway says so at once, and needs nobody when it is over.</summary>
[Collection(nameof(Alone))]
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int PublishersEach = 4;

    // Two seconds are meant; a machine that does other things beside it may take longer.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    // A longer one is measured by hand.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("WEBHOOKS_OUTAGE_SECONDS"), out var seconds) ? seconds : 8);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 180_000)]
    public async Task While_the_store_is_stopped_each_publish_is_refused_at_once_and_afterwards_all_flows_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 2, cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var plan = await EndpointPlan.CreateAsync(cluster.Gateways[0].Api, receiver, count: 1, typesEach: 1, cancellation);
        var accepted = new List<string>();
        foreach (var gateway in cluster.Gateways)
        {
            accepted.Add(await gateway.Api.PublishAsync(plan.Application, plan.EventType(0), "{}", cancellation));
        }

        output.WriteLine("MB before: " + Memory(cluster));
        await cluster.Postgres.StopAsync();
        var seen = await Refusals.CollectAsync(cluster.Gateways, plan.Application, plan.EventType(0), PublishersEach, Task.Delay(Outage, cancellation), cancellation);
        output.WriteLine($"{seen.Count} publishes, the longest took {seen.Max(answer => answer.Took).TotalSeconds:F2} s");
        output.WriteLine("MB after:  " + Memory(cluster));
        Assert.NotEmpty(seen);
        Assert.All(seen, answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.True(answer.SaysWhenToComeBack);
            Assert.InRange(answer.Took, TimeSpan.Zero, AtOnce);
        });
        using (var list = await cluster.Gateways[0].Api.GetAsync($"api/v1/app/{plan.Application}/msg", cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, list.StatusCode);
        }

        foreach (var page in HealthPages(cluster))
        {
            Assert.Contains("store does not answer", await DetailAsync(page, "ready", HttpStatusCode.ServiceUnavailable, cancellation), StringComparison.Ordinal);
            await DetailAsync(page, "live", HttpStatusCode.OK, cancellation);
        }

        await cluster.Postgres.StartAgainAsync();
        foreach (var gateway in cluster.Gateways)
        {
            accepted.Add(await PublishInTheEndAsync(gateway, plan, cancellation));
        }

        await Waiting.UntilAsync(
            async () => accepted.ToHashSet().IsSubsetOf((await receiver.ReportAsync(cancellation)).Where(delivery => delivery.Succeeded).Select(delivery => delivery.Id)),
            Patience,
            "everything that was accepted has arrived",
            cancellation);
        foreach (var page in HealthPages(cluster))
        {
            await Waiting.UntilAsync(async () => await StatusAsync(page, "ready", cancellation) == HttpStatusCode.OK, Patience, $"{page} is ready", cancellation);
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task With_all_silos_killed_a_gateway_refuses_at_once_and_publishes_again_when_a_silo_has_started()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 1, cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var gateway = cluster.Gateways[0];
        var plan = await EndpointPlan.CreateAsync(gateway.Api, receiver, count: 1, typesEach: 1, cancellation);
        await gateway.Api.PublishAsync(plan.Application, plan.EventType(0), "{}", cancellation);

        foreach (var silo in cluster.Silos)
        {
            await silo.KillAsync();
        }

        var seen = await Refusals.CollectAsync([gateway], plan.Application, plan.EventType(0), PublishersEach, Task.Delay(Outage, cancellation), cancellation);
        output.WriteLine($"{seen.Count} publishes, the longest took {seen.Max(answer => answer.Took).TotalSeconds:F2} s");
        Assert.All(seen, answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.True(answer.SaysWhenToComeBack);
            Assert.InRange(answer.Took, TimeSpan.Zero, AtOnce);
        });
        var health = new Uri(gateway.Address, "health/");
        Assert.Contains("No silo", await DetailAsync(health, "ready", HttpStatusCode.ServiceUnavailable, cancellation), StringComparison.Ordinal);
        await DetailAsync(health, "live", HttpStatusCode.OK, cancellation);

        await cluster.StartSiloAsync(cancellation);
        var published = await PublishInTheEndAsync(gateway, plan, cancellation);
        await Waiting.UntilAsync(
            async () => (await receiver.ReportAsync(cancellation)).Any(delivery => delivery.Id == published && delivery.Succeeded),
            Patience,
            "what was published then has arrived",
            cancellation);
        Assert.False(gateway.HasExited);
    }

    private static string Memory(WebhooksCluster cluster) =>
        string.Join(", ", cluster.Gateways.Concat<ServerProcess>(cluster.Silos).Select(process => $"{process.GetType().Name} {process.Megabytes}"));

    private static IEnumerable<Uri> HealthPages(WebhooksCluster cluster) =>
        [.. cluster.Gateways.Select(gateway => new Uri(gateway.Address, "health/")), .. cluster.Silos.Select(silo => silo.Health)];

    private static Task<string> PublishInTheEndAsync(GatewayProcess gateway, EndpointPlan plan, CancellationToken cancellation)
    {
        var key = Guid.NewGuid().ToString("N");
        return Waiting.ForAsync(
            async () =>
            {
                using var response = await gateway.Api.TryPublishAsync(plan.Application, plan.EventType(0), "{}", key, cancellation);
                return response.IsSuccessStatusCode ? await WebhooksApi.ReadMessageIdAsync(response, cancellation) : "";
            },
            id => id.Length > 0,
            Patience,
            $"{gateway.Address} publishes again",
            cancellation);
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri pages, string page, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(pages, page), cancellation);
        return response.StatusCode;
    }

    // Everything that the page says is wrong; empty when nothing is.
    private static async Task<string> DetailAsync(Uri pages, string page, HttpStatusCode expected, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(pages, page), cancellation);
        Assert.Equal(expected, response.StatusCode);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
        Assert.NotEmpty(json["checks"]!.AsArray());
        return json["detail"]?.GetValue<string>() ?? "";
    }
}
