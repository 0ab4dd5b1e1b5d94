using System.Security.Cryptography;
using System.Text;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>Real payloads through a live gateway to a receiver that checks with the official packages.</summary>
public sealed class PayloadTests
{
    [Fact(Timeout = 180_000)]
    public async Task Every_payload_arrives_unchanged_signed_and_in_order_from_SQLite()
    {
        using var data = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(Settings.Standalone(data.Path), TestContext.Current.CancellationToken);
        await PublishAllAsync(gateway);
    }

    [Fact(Timeout = 180_000)]
    public async Task Every_payload_arrives_unchanged_signed_and_in_order_from_PostgreSQL()
    {
        using var data = new TemporaryFolder();
        await using var postgres = await PostgresServer.StartAsync();
        var settings = Settings.Standalone(data.Path).With(Settings.Postgres(postgres));
        await using var gateway = await GatewayProcess.StartAsync(settings, TestContext.Current.CancellationToken);
        await PublishAllAsync(gateway);
    }

    private static async Task PublishAllAsync(GatewayProcess gateway)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var endpoint = await receiver.AddAsync("/payloads", cancellation);
        var application = await gateway.Api.CreateApplicationAsync("payloads", cancellation);
        await gateway.Api.CreateEndpointAsync(application, endpoint.Url, endpoint.Secret, cancellation);

        var octokit = await Payloads.OctokitAsync(cancellation);
        Assert.True(octokit.Count >= 700, $"only {octokit.Count} example payloads");

        var published = new List<(Payload Payload, string MessageId)>();
        foreach (var payload in octokit.Concat(Payloads.Vectors))
        {
            published.Add((payload, await gateway.Api.PublishAsync(application, payload.EventType, payload.Text, cancellation)));
        }

        await receiver.WaitForAsync(counts => counts.Succeeded + counts.Invalid >= published.Count, TimeSpan.FromSeconds(60), cancellation);
        var report = await receiver.ReportAsync(cancellation);

        Assert.All(report, delivery => Assert.Null(delivery.Invalid));
        Assert.All(report, delivery => Assert.Equal("application/json", delivery.ContentType));
        Assert.Equal(published.Select(entry => entry.MessageId), report.Select(delivery => delivery.Id));
        Assert.All(
            published.Zip(report),
            pair => Assert.True(Hash(pair.First.Payload.Text) == pair.Second.Sha256, $"{pair.First.Payload.Name} was changed on its way"));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
