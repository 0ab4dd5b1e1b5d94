using System.Text;
using System.Text.Json;
using Webhooks.Grains.Signing;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Rotating an endpoint's signing key.</summary>
public sealed class SecretRotationTests(ApiFixture fixture)
{
    private const string OtherKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_rotation_makes_a_new_key_or_takes_the_given_one_and_may_go_back()
    {
        using var api = fixture.NewOrganization();
        var path = await EndpointAsync(api, "https://example.com/in");
        var first = (await api.Get(path + "/secret"))["key"];

        (await api.Post(path + "/secret/rotate", """{"key":null}""")).Expect(204);
        var second = (await api.Get(path + "/secret"))["key"];
        Assert.NotEqual(first, second);
        (await api.Post(path + "/secret/rotate", $$"""{"key":"{{OtherKey}}"}""")).Expect(204);
        Assert.Equal(OtherKey, (await api.Get(path + "/secret"))["key"]);
        (await api.Post(path + "/secret/rotate", $$"""{"key":"{{first}}"}""")).Expect(204);
        Assert.Equal(first, (await api.Get(path + "/secret"))["key"]);
    }

    [Fact]
    public async Task Ten_older_keys_may_sign_and_no_more()
    {
        using var api = fixture.NewOrganization();
        var path = await EndpointAsync(api, "https://example.com/in");
        for (var i = 0; i < 10; i++)
        {
            (await api.Post(path + "/secret/rotate", "{}")).Expect(204);
        }

        var tenth = (await api.Get(path + "/secret"))["key"];
        Assert.Equal("limit_reached", (await api.Post(path + "/secret/rotate", "{}")).Expect(400)["code"]);
        Assert.Equal(tenth, (await api.Get(path + "/secret"))["key"]);
    }

    [Fact]
    public async Task After_rotations_one_delivery_is_signed_by_every_key_that_is_still_valid()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        using var api = fixture.NewOrganization();
        var path = await EndpointAsync(api, receiver.Url.ToString());
        var keys = new List<string> { (await api.Get(path + "/secret"))["key"] };
        foreach (var grace in new[] { 600, 600 })
        {
            (await api.Post(path + "/secret/rotate", $$"""{"gracePeriodSeconds":{{grace}}}""")).Expect(204);
            keys.Insert(0, (await api.Get(path + "/secret"))["key"]);
        }

        // Without grace the key before it ends at once.
        (await api.Post(path + "/secret/rotate", """{"gracePeriodSeconds":0}""")).Expect(204);
        keys[0] = (await api.Get(path + "/secret"))["key"];
        (await api.Post(path[..path.IndexOf("/endpoint", StringComparison.Ordinal)] + "/msg", """{"eventType":"a","payload":{}}""")).Expect(202);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the message is delivered");
        var request = receiver.Requests[0];
        var expected = keys.Select(key => SigningKeys.Parse(key).Sign(request.Header("webhook-id"), long.Parse(request.Header("webhook-timestamp"), null), request.Body));
        Assert.Equal(expected, request.Header("webhook-signature").Split(' '));
        Assert.Equal("{}", Encoding.UTF8.GetString(request.Body));
    }

    [Theory]
    [InlineData("""{"gracePeriodSeconds":-1}""")]
    [InlineData("""{"gracePeriodSeconds":604801}""")]
    [InlineData("""{"gracePeriodSeconds":"1"}""")]
    [InlineData("""{"key":"secret"}""")]
    [InlineData("")]
    public async Task A_rotation_that_breaks_a_rule_is_refused_and_changes_nothing(string body)
    {
        using var api = fixture.NewOrganization();
        var path = await EndpointAsync(api, "https://example.com/in");
        var before = (await api.Get(path + "/secret"))["key"];
        (await api.Post(path + "/secret/rotate", body)).Expect(422);
        Assert.Equal(before, (await api.Get(path + "/secret"))["key"]);
        (await api.Post(path[..path.LastIndexOf('/')] + "/nobody/secret/rotate", "{}")).Expect(404);
    }

    private static async Task<string> EndpointAsync(ApiClient api, string url)
    {
        var app = await api.NewApplication();
        return $"/app/{app}/endpoint/{(await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url }))).Expect(201)["id"]}";
    }
}
