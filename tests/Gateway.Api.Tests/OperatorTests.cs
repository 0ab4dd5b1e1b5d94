using System.Text.Json;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What operators do to an endpoint's queue.</summary>
public sealed class OperatorTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_paused_endpoint_gets_nothing_until_it_is_resumed_and_then_all_in_order()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var (app, endpoint) = await EndpointAsync(api, receiver.Url.ToString());

        var paused = (await api.Post(endpoint + "/pause", "")).Expect(200);
        Assert.Equal((true, false), (Flag(paused, "paused"), Flag(paused, "disabled")));
        Assert.True(Flag((await api.Get(endpoint)).Expect(200), "paused"));
        var messages = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            messages.Add(await PublishAsync(api, app));
        }

        var other = (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = receiver.Url + "other" }))).Expect(201)["id"];
        var probe = await PublishAsync(api, app);
        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/endpoint/{other}")).Items("msgId").Contains(probe), "another endpoint was sent a later message");
        Assert.Empty((await api.Get($"/app/{app}/attempt/{endpoint.Split('/', 4)[3]}")).Items("id"));

        var resumed = (await api.Post(endpoint + "/resume", """{"from":"queue"}""")).Expect(200);
        Assert.False(Flag(resumed, "paused"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 5, "what waited is delivered");
        Assert.Equal([.. messages, probe], receiver.Requests.Where(static r => !r.Path.EndsWith("other", StringComparison.Ordinal)).Select(static r => r.Header("webhook-id")));
    }

    [Fact]
    public async Task Resuming_enables_what_is_disabled_and_enabling_does_not_resume_what_is_paused()
    {
        using var api = fixture.NewOrganization();
        var (app, endpoint) = await EndpointAsync(api, "http://127.0.0.1:9/");
        (await api.Post(endpoint + "/pause", "{}")).Expect(200);
        (await api.Patch(endpoint, """{"disabled":true}""")).Expect(200);
        var enabled = (await api.Patch(endpoint, """{"disabled":false}""")).Expect(200);
        Assert.True(Flag(enabled, "paused"));
        Assert.False(Flag((await api.Post($"/app/{app}/msg/precheck/active", """{"eventType":"a"}""")).Expect(200), "active"));

        (await api.Patch(endpoint, """{"disabled":true}""")).Expect(200);
        var resumed = (await api.Post(endpoint + "/resume", "")).Expect(200);
        Assert.Equal((false, false), (Flag(resumed, "paused"), Flag(resumed, "disabled")));
        Assert.True(Flag((await api.Post($"/app/{app}/msg/precheck/active", """{"eventType":"a"}""")).Expect(200), "active"));
    }

    [Fact]
    public async Task A_message_that_waits_for_a_paused_endpoint_is_explained()
    {
        using var api = fixture.NewOrganization();
        var (app, endpoint) = await EndpointAsync(api, "http://127.0.0.1:9/");
        (await api.Post(endpoint + "/pause", "")).Expect(200);
        var message = await PublishAsync(api, app);

        var explained = (await api.Get($"/app/{app}/msg/{message}/{endpoint.Split('/', 4)[3]}/explain")).Expect(200);

        Assert.Equal("waiting", explained["standing"]);
        Assert.Contains("paused", explained["inWords"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause", """{"note":5}""", "body/note")]
    [InlineData("pause", """{"note":"a\u0000b"}""", "body/note")]
    [InlineData("pause", "[]", "body//")]
    [InlineData("resume", """{"from":"yesterday"}""", "body/from")]
    [InlineData("resume", """{"from":null}""", "body/from")]
    [InlineData("skip-head", """{"message":""}""", "body/message")]
    [InlineData("purge", """{"note":"a\u2028b"}""", "body/note")]
    public async Task Bad_input_is_refused_and_changes_nothing(string verb, string body, string location)
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await EndpointAsync(api, "http://127.0.0.1:9/");
        if (verb == "resume")
        {
            (await api.Post(endpoint + "/pause", "")).Expect(200);
        }

        var before = ((await api.Get(endpoint)).Text, (await api.Get(endpoint + "/audit")).Text);
        Assert.Equal([location], (await api.Post($"{endpoint}/{verb}", body)).Locations());
        Assert.Equal(before, ((await api.Get(endpoint)).Text, (await api.Get(endpoint + "/audit")).Text));
    }

    [Fact]
    public async Task A_note_has_256_characters_at_most()
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await EndpointAsync(api, "http://127.0.0.1:9/");
        Assert.Equal(["body/note"], (await api.Post(endpoint + "/pause", JsonSerializer.Serialize(new { note = new string('a', 257) }))).Locations());
        (await api.Post(endpoint + "/pause", JsonSerializer.Serialize(new { note = new string('a', 256) }))).Expect(200);
    }

    [Fact]
    public async Task The_token_of_an_application_pauses_and_resumes_and_gives_nothing_up()
    {
        using var owner = fixture.NewOrganization(out var organization);
        var (app, endpoint) = await EndpointAsync(owner, "http://127.0.0.1:9/");
        using var api = fixture.With(TestTokens.ForApplication(organization, app));

        (await api.Post(endpoint + "/pause", "")).Expect(200);
        Assert.Equal("insufficient access", (await api.Post(endpoint + "/resume", """{"from":"now"}""")).Expect(403)["code"]);
        Assert.True(Flag((await api.Get(endpoint)).Expect(200), "paused"));
        (await api.Post(endpoint + "/resume", "")).Expect(200);
        (await api.Post(endpoint + "/skip-head", "")).Expect(403);
        (await api.Post(endpoint + "/purge", "")).Expect(403);
        (await api.Get($"/app/{app}/audit")).Expect(403);
        Assert.Equal(["endpoint.resumed", "endpoint.paused"], (await api.Get(endpoint + "/audit")).Items("action"));
        Assert.Equal(["application " + app, "application " + app], (await api.Get(endpoint + "/audit")).Items("actor"));
    }

    [Fact]
    public async Task Skipping_lets_those_behind_go_and_the_skipped_is_a_dead_letter()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        var (app, endpoint) = await EndpointAsync(api, receiver.Url.ToString(), ""","retrySchedule":[3600]""");
        var first = await PublishAsync(api, app);
        var second = await PublishAsync(api, app);
        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/msg/{first}")).Items("id").Length == 1, "the first has failed");
        receiver.Answer = ReceiverServer.Status(204);

        var skipped = (await api.Post(endpoint + "/skip-head", """{"note":"unreadable"}""", ("idempotency-key", "skip-1"))).Expect(200);
        Assert.Equal((first, "skipped"), (skipped["messageId"], skipped["state"]));
        Assert.Equal(skipped.Text, (await api.Post(endpoint + "/skip-head", """{"note":"unreadable"}""", ("idempotency-key", "skip-1"))).Expect(200).Text);

        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/msg/{second}")).Items("id").Length == 1, "the second followed");
        Assert.Equal([first], (await api.Get(endpoint + "/dead-letter")).Items("id"));
        Assert.Equal(["skipped"], (await api.Get(endpoint + "/dead-letter")).Items("reason"));
        // The same message again is the same as once; another call without one finds nothing.
        (await api.Post(endpoint + "/skip-head", "{\"message\":\"" + first + "\"}")).Expect(200);
        (await api.Post(endpoint + "/skip-head", "")).Expect(404);
        var entry = (await api.Get(endpoint + "/audit")).Expect(200).Json.GetProperty("data")[1];
        Assert.Equal(("endpoint.head-skipped", "unreadable", first), (entry.GetProperty("action").GetString(), entry.GetProperty("note").GetString(), entry.GetProperty("details").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Purging_makes_dead_letters_of_what_waits_and_of_nothing_else()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var (app, endpoint) = await EndpointAsync(api, receiver.Url.ToString());
        (await api.Post(endpoint + "/pause", "")).Expect(200);
        string[] waiting = [await PublishAsync(api, app), await PublishAsync(api, app)];

        var purged = (await api.Post(endpoint + "/purge", "")).Expect(200);
        Assert.Equal(2, purged.Json.GetProperty("upTo").GetInt64());
        Assert.Equal(["purged", "purged"], (await api.Get(endpoint + "/dead-letter")).Items("reason"));
        Assert.True(Flag((await api.Get(endpoint)).Expect(200), "paused"));
        var later = await PublishAsync(api, app);
        (await api.Post(endpoint + "/resume", "")).Expect(200);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "what came later is delivered");
        Assert.Equal(later, receiver.Requests[0].Header("webhook-id"));
        Assert.Equal(waiting.Reverse(), (await api.Get(endpoint + "/dead-letter")).Items("id"));
    }

    [Fact]
    public async Task Resuming_from_now_gives_up_what_waits_and_delivers_what_comes()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var (app, endpoint) = await EndpointAsync(api, receiver.Url.ToString());
        (await api.Post(endpoint + "/pause", "")).Expect(200);
        await PublishAsync(api, app);

        Assert.False(Flag((await api.Post(endpoint + "/resume", """{"from":"now"}""")).Expect(200), "paused"));
        var later = await PublishAsync(api, app);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "what came later is delivered");
        Assert.Equal(later, receiver.Requests[0].Header("webhook-id"));
        Assert.Equal(["from_now"], (await api.Get(endpoint + "/dead-letter")).Items("reason"));
        Assert.Equal("now", (await api.Get(endpoint + "/audit")).Json.GetProperty("data")[0].GetProperty("details").GetProperty("from").GetString());
    }

    internal static async Task<(string App, string Endpoint)> EndpointAsync(ApiClient api, string url, string fields = "")
    {
        var app = await api.NewApplication();
        return (app, $"/app/{app}/endpoint/{(await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{url}}"{{fields}}}""")).Expect(201)["id"]}");
    }

    internal static async Task<string> PublishAsync(ApiClient api, string app) =>
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"];

    private static bool Flag(ApiAnswer answer, string field) => answer.Json.GetProperty(field).GetBoolean();
}
