using System.Net;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>Starting, refusing to start, and being without the store.</summary>
public sealed class StartTests(ITestOutputHelper output)
{
    [Fact(Timeout = 60_000)]
    public async Task A_silo_without_a_connection_string_refuses_to_start_and_says_so()
    {
        var ended = await Programs.RunAsync("Silo", [], Settings.Empty, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("ConnectionStrings__Webhooks", ended.StandardError, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_gateway_of_a_cluster_without_a_token_secret_refuses_to_start_and_says_so()
    {
        var settings = Settings.Empty
            .With("Webhooks__Cluster__Mode", "Client")
            .With("ConnectionStrings__Webhooks", "Host=127.0.0.1;Port=1;Username=nobody;Database=none");
        var ended = await Programs.RunAsync("Gateway.Api", [], settings, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("Webhooks__Auth__JwtSecret", ended.StandardError, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_process_on_the_same_data_folder_refuses_to_start()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new TemporaryFolder();
        var settings = Settings.Standalone(data.Path);
        await using var first = await GatewayProcess.StartAsync(settings, cancellation);

        var second = await Programs.RunAsync("Gateway.Api", [], settings, cancellation);
        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains(data.Path, second.StandardError, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.Api.GetAsync("health/ready", cancellation)).StatusCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--help", "token create")]
    [InlineData("help", "key generate")]
    [InlineData("token --help", "org_")]
    [InlineData("token create --help", "Webhooks__Auth__JwtSecret")]
    [InlineData("key --help", "ed25519")]
    [InlineData("demo --help", "receiver")]
    public async Task Every_command_explains_itself(string command, string word)
    {
        var ended = await Programs.RunAsync("Gateway.Api", command.Split(' '), Settings.Empty, TestContext.Current.CancellationToken);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(word, ended.StandardOutput, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("token")]
    [InlineData("token make")]
    [InlineData("token create acme")]
    [InlineData("token create org_")]
    [InlineData("token create org_a org_b")]
    [InlineData("key")]
    public async Task A_command_that_is_none_says_so_and_prints_nothing_else(string command)
    {
        var ended = await Programs.RunAsync("Gateway.Api", command.Split(' '), Settings.Common, TestContext.Current.CancellationToken);
        Assert.Equal(2, ended.ExitCode);
        Assert.Empty(ended.StandardOutput);
        Assert.NotEmpty(ended.StandardError);
    }

    [Fact(Timeout = 60_000)]
    public async Task Key_generate_prints_a_pair_that_an_endpoint_takes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ended = await Programs.RunAsync("Gateway.Api", ["key", "generate"], Settings.Empty, cancellation);
        Assert.Equal(0, ended.ExitCode);
        var match = System.Text.RegularExpressions.Regex.Match(ended.StandardOutput, @"\ASecret key: (whsk_\S+)\nPublic key: (whpk_\S+)\n\z");
        Assert.True(match.Success, ended.StandardOutput);

        using var data = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(Settings.Standalone(data.Path), cancellation);
        var application = await gateway.Api.CreateApplicationAsync("keys", cancellation);
        var endpoint = await gateway.Api.CreateEndpointAsync(application, new Uri("https://receiver.example/"), match.Groups[1].Value, cancellation);
        using var secret = await gateway.Api.GetAsync($"api/v1/app/{application}/endpoint/{endpoint}/secret", cancellation);
        Assert.Contains(match.Groups[2].Value, await secret.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Token_create_prints_one_token_that_the_gateway_of_the_same_folder_accepts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new TemporaryFolder();
        var settings = Settings.Standalone(data.Path).Without("Webhooks__Auth__JwtSecret");
        await using var gateway = await GatewayProcess.StartAsync(settings, cancellation);

        var ended = await Programs.RunAsync("Gateway.Api", ["token", "create", "org_tour"], settings, cancellation);
        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"\A[\w-]+\.[\w-]+\.[\w-]+\n\z", ended.StandardOutput);

        using var api = new WebhooksApi(gateway.Address, ended.StandardOutput.Trim());
        Assert.StartsWith("app_", await api.CreateApplicationAsync("by token", cancellation), StringComparison.Ordinal);
        using var foreign = new WebhooksApi(gateway.Address, Tokens.ForOrganization(secret: "another secret"));
        using var refused = await foreign.GetAsync("api/v1/app", cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact(Timeout = 90_000)]
    public async Task The_demo_delivers_and_ends()
    {
        var ended = await Programs.RunAsync("Gateway.Api", ["demo"], Settings.Empty, TestContext.Current.CancellationToken);
        output.WriteLine(ended.StandardOutput);
        Assert.Equal(0, ended.ExitCode);
        Assert.All(
            ["lead.captured", "document.viewed", "sale.completed"],
            eventType => Assert.Contains(eventType, ended.StandardOutput, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_its_store_a_gateway_accepts_nothing_and_says_when_to_come_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 1, cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var api = cluster.Gateways[0].Api;
        var plan = await EndpointPlan.CreateAsync(api, receiver, count: 1, typesEach: 1, cancellation);
        var accepted = new List<string> { await api.PublishAsync(plan.Application, plan.EventType(0), "{}", cancellation) };

        await cluster.Postgres.StopAsync();
        for (var number = 0; number < 3; number++)
        {
            using var refused = await api.TryPublishAsync(plan.Application, plan.EventType(0), "{}", null, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using (var notReady = await api.GetAsync("health/ready", cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        }

        await cluster.Postgres.StartAgainAsync();
        accepted.Add(await Waiting.ForAsync(
            async () =>
            {
                using var response = await api.TryPublishAsync(plan.Application, plan.EventType(0), "{}", "after the outage", cancellation);
                return response.IsSuccessStatusCode ? await WebhooksApi.ReadMessageIdAsync(response, cancellation) : null;
            },
            id => id is not null,
            TimeSpan.FromSeconds(30),
            "publishing works again",
            cancellation) ?? "");

        // A refused publish may lie in the log all the same, when its commit was under way as the store went; never the other way round.
        await Waiting.ForAsync(
            async () => (await receiver.ReportAsync(cancellation)).Where(delivery => delivery.Succeeded).Select(delivery => delivery.Id).ToHashSet(),
            received => received.IsSupersetOf(accepted),
            TimeSpan.FromSeconds(30),
            "everything that was accepted has arrived",
            cancellation);
    }
}
