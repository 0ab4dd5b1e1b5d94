using System.Text.Json;
using Webhooks.Grains.Signing;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Public keys for receivers, and signatures of both kinds checked with what Node itself has for them.</summary>
public sealed class JwksTests(ApiFixture fixture)
{
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_ed25519_key_that_signs_now_is_given_to_anybody_and_nothing_secret_is()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var (first, second) = (PublicKeys.GeneratePair(), PublicKeys.GeneratePair());
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"https://example.com/in","secret":"{{first}}"}""")).Expect(201)["id"];
        using var nobody = fixture.With(null);
        async Task<ApiAnswer> KeysAsync() => (await nobody.Get("~/jwks/" + id)).Expect(200);

        var only = await KeysAsync();
        Assert.Equal(["public", "max-age=300"], only.Headers.CacheControl!.ToString().Split(", "));
        Assert.Equal([X(first)], Xs(only));

        (await api.Post($"/app/{app}/endpoint/{id}/secret/rotate", $$"""{"key":"{{second}}","gracePeriodSeconds":600}""")).Expect(204);
        Assert.Equal([X(second), X(first)], Xs(await KeysAsync()));

        // A symmetric key is in front now; those before it sign on and stay.
        (await api.Post($"/app/{app}/endpoint/{id}/secret/rotate", """{"gracePeriodSeconds":600}""")).Expect(204);
        var mixed = await KeysAsync();
        Assert.Equal([X(second), X(first)], Xs(mixed));
        Assert.DoesNotContain("whs", mixed.Text, StringComparison.Ordinal);
        Assert.All(mixed.Json.GetProperty("keys").EnumerateArray(), static key => Assert.Equal(["kty", "crv", "x", "kid", "use", "alg"], key.EnumerateObject().Select(static m => m.Name)));

        static string X(string pair) => Convert.ToBase64String(SigningKeys.PublicHalf(pair)!).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        static string[] Xs(ApiAnswer answer) => [.. answer.Json.GetProperty("keys").EnumerateArray().Select(static k => k.GetProperty("x").GetString()!)];
    }

    [Fact]
    public async Task A_key_that_is_replaced_without_grace_is_gone_at_once()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"https://example.com/in","secret":"{{PublicKeys.GeneratePair()}}"}""")).Expect(201)["id"];
        (await api.Post($"/app/{app}/endpoint/{id}/secret/rotate", """{"gracePeriodSeconds":0}""")).Expect(204);

        Assert.Equal("""{"keys":[]}""", (await api.Get("~/jwks/" + id)).Expect(200).Text);
    }

    [Fact]
    public async Task What_is_no_endpoint_or_was_deleted_is_not_found_and_looks_the_same()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var deleted = (await api.Post($"/app/{app}/endpoint", """{"url":"https://example.com/in","uid":"crm"}""")).Expect(201)["id"];
        Assert.Equal("""{"keys":[]}""", (await api.Get("~/jwks/" + deleted)).Expect(200).Text);
        (await api.Delete($"/app/{app}/endpoint/{deleted}")).Expect(204);
        var kept = (await api.Post($"/app/{app}/endpoint", """{"url":"https://example.com/in"}""")).Expect(201)["id"];
        (await api.Delete($"/app/{app}")).Expect(204);

        using var nobody = fixture.With(null);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in new[] { deleted, kept, "crm", "ep_0000000000000000000000", "nonsense", app })
        {
            texts.Add((await nobody.Get("~/jwks/" + id)).Expect(404).Text);
        }

        Assert.Single(texts);
    }

    [Fact]
    public async Task During_a_rotation_from_hmac_to_ed25519_one_delivery_satisfies_node_with_either_key()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        const string Symmetric = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}","secret":"{{Symmetric}}"}""")).Expect(201)["id"];
        (await api.Post($"/app/{app}/endpoint/{id}/secret/rotate", $$"""{"key":"{{PublicKeys.GeneratePair()}}","gracePeriodSeconds":600}""")).Expect(204);
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"name":"Zoë"}}""")).Expect(202);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the message is delivered");

        var request = receiver.Requests[0];
        Assert.Equal(["v1a", "v1"], request.Header("webhook-signature").Split(' ').Select(static s => s.Split(',')[0]));
        var input = JsonSerializer.Serialize(new
        {
            jwks = (await api.Get("~/jwks/" + id)).Expect(200).Json,
            secret = Symmetric,
            body = Convert.ToBase64String(request.Body),
            id = request.Header("webhook-id"),
            timestamp = request.Header("webhook-timestamp"),
            signature = request.Header("webhook-signature"),
        });
        await using var node = ChildProcess.Start("node", [Path.Combine(RepositoryFiles.NodeFolder, "verify.mjs"), input]);
        var status = await node.WaitForExitAsync(NodePatience, TestContext.Current.CancellationToken);
        Assert.True(status == 0, node.StandardOutput + node.StandardError);
        Assert.Equal("""{"v1a":true,"v1":true,"kid":true,"forged":false}""", node.StandardOutput.Trim());
    }
}
