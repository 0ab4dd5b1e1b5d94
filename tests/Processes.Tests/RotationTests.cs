using System.Net;
using System.Text.Json;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>From a symmetric key to an asymmetric one and on, before a receiver that checks with the official packages.</summary>
public sealed class RotationTests
{
    // Seed and public key of the first two vectors of RFC 8032, 7.1.
    private static readonly string[] Pairs =
    [
        Pair("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        Pair("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
    ];

    [Fact(Timeout = 120_000)]
    public async Task Receivers_that_know_only_the_symmetric_key_accept_what_an_asymmetric_one_signs_beside_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(Settings.Standalone(data.Path), cancellation);
        await using var receiver = await NodeReceiver.StartAsync(cancellation);
        var receiving = await receiver.AddAsync("/rotation", cancellation);
        var application = await gateway.Api.CreateApplicationAsync("rotation", cancellation);
        var endpoint = await gateway.Api.CreateEndpointAsync(application, receiving.Url, receiving.Secret, cancellation);

        // v1; then v1a before v1; then two v1a before it; then another v1 before all of them.
        foreach (var (rotation, key) in new[] { Pairs[0], Pairs[1], "whsec_" + Convert.ToBase64String(new byte[32]) }.Index())
        {
            await gateway.Api.PublishAsync(application, "key.rotated", """{"text":"Grüße"}""", cancellation);
            await receiver.WaitForAsync(counts => counts.Succeeded == rotation + 1, TimeSpan.FromSeconds(30), cancellation);
            var answer = await gateway.Api.PostAsync(
                $"api/v1/app/{application}/endpoint/{endpoint}/secret/rotate", JsonSerializer.Serialize(new { key, gracePeriodSeconds = 3600 }), "rotation-" + rotation, cancellation);
            Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        }

        await gateway.Api.PublishAsync(application, "key.rotated", """{"text":"Grüße"}""", cancellation);
        await receiver.WaitForAsync(counts => counts.Succeeded == 4, TimeSpan.FromSeconds(30), cancellation);
        Assert.Equal(0, (await receiver.CountsAsync(cancellation)).Invalid);
        using var answered = await gateway.Api.GetAsync("jwks/" + endpoint, cancellation);
        using var keys = JsonDocument.Parse(await answered.Content.ReadAsStringAsync(cancellation));
        Assert.Equal(2, keys.RootElement.GetProperty("keys").GetArrayLength());
    }

    private static string Pair(string hex) => "whsk_" + Convert.ToBase64String(Convert.FromHexString(hex));
}
