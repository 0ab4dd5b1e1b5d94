using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Dead letters, and why a message was not delivered.</summary>
public sealed class StandingTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_message_is_explained_at_every_turn_of_its_way()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        (await api.Post("/event-type", """{"name":"sale.completed","description":""}""")).Expect(201);
        var endpoint = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}","eventTypes":["sale.completed"],"retrySchedule":[3600]}""")).Expect(201)["id"];
        async Task<string> PublishAsync(string type) => (await api.Post($"/app/{app}/msg", "{\"eventType\":\"" + type + "\",\"payload\":{}}")).Expect(202)["id"];
        async Task<ApiAnswer> ExplainAsync(string message) => (await api.Get($"/app/{app}/msg/{message}/endpoint/{endpoint}/explain")).Expect(200);

        static (long, bool, string) Ahead(ApiAnswer a) => (a.Json.GetProperty("ahead").GetInt64(), a.Json.GetProperty("aheadIsExact").GetBoolean(), a["lane"]);

        var foreign = await PublishAsync("lead.captured");
        Assert.Equal("not-matched", (await ExplainAsync(foreign))["standing"]);

        var delivered = await PublishAsync("sale.completed");
        await Eventually.TrueAsync(async () => (await ExplainAsync(delivered))["standing"] == "delivered", "it is delivered");

        receiver.Answer = ReceiverServer.Status(503);
        var failing = await PublishAsync("sale.completed");
        var waiting = await PublishAsync("sale.completed");
        await Eventually.TrueAsync(async () => (await ExplainAsync(failing))["standing"] == "retrying", "it has failed once");
        var explained = await ExplainAsync(failing);
        Assert.Equal(503, explained.Json.GetProperty("lastStatusCode").GetInt32());
        Assert.Contains("1 times, last with status 503", explained["inWords"], StringComparison.Ordinal);
        Assert.NotEmpty(explained["nextAttempt"]);
        Assert.Equal("waiting", (await ExplainAsync(waiting))["standing"]);
        Assert.Equal((1, true, "endpoint"), Ahead(await ExplainAsync(waiting)));
        Assert.Contains("1 of the endpoint's messages is tried before it", (await ExplainAsync(waiting))["inWords"], StringComparison.Ordinal);

        (await api.Patch($"/app/{app}/endpoint/{endpoint}", """{"disabled":true}""")).Expect(200);
        Assert.Contains("disabled", (await ExplainAsync(waiting))["inWords"], StringComparison.Ordinal);
        (await api.Get($"/app/{app}/msg/msg_unknown/endpoint/{endpoint}/explain")).Expect(404);
    }

    [Theory]
    [InlineData("lead.captured", """ "channels":["eu"],"payload":{"total":5} """, "event-type", "Its event types do not")]
    [InlineData("sale.completed", """ "channels":["us"],"payload":{"total":5} """, "channel", "Its channels do not")]
    [InlineData("sale.completed", """ "channels":["eu"],"payload":{"total":1} """, "filter", "Its payload filter does not")]
    public async Task The_rule_that_kept_a_message_away_is_named_until_the_filters_are_changed(string type, string fields, string rule, string words)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", """{"url":"https://example.com/in","disabled":true,"eventTypes":["sale.*"],"channels":["eu"],"filter":{"total":{"$gte":5}}}""")).Expect(201)["id"];
        var message = (await api.Post($"/app/{app}/msg", $$"""{"eventType":"{{type}}",{{fields}}}""")).Expect(202)["id"];
        async Task<ApiAnswer> ExplainAsync() => (await api.Get($"/app/{app}/msg/{message}/endpoint/{endpoint}/explain")).Expect(200);

        var explained = await ExplainAsync();
        Assert.Equal(("not-matched", rule, false), (explained["standing"], explained["rule"], explained.Json.GetProperty("matchesNow").GetBoolean()));
        Assert.Contains(words, explained["inWords"], StringComparison.Ordinal);

        (await api.Patch($"/app/{app}/endpoint/{endpoint}", """{"eventTypes":null,"channels":null,"filter":null}""")).Expect(200);
        explained = await ExplainAsync();
        Assert.Equal(("not-matched", "later", true), (explained["standing"], explained["rule"], explained.Json.GetProperty("matchesNow").GetBoolean()));
        Assert.Contains("Resend to deliver it", explained["inWords"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strict", "endpoint", 3, 3)]
    [InlineData("key", "key", 3, 3)]
    [InlineData("none", "message", 3, 3)]
    public async Task What_waits_at_a_disabled_endpoint_knows_its_place_among_the_endpoints_own(string ordering, string lane, int ahead, int own)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"https://example.com/in","disabled":true,"ordering":"{{ordering}}","eventTypes":["sale.*"]}""")).Expect(201)["id"];
        var last = "";
        for (var i = 0; i <= own; i++)
        {
            // Between its own there are messages of others, which are not ahead of anything here.
            (await api.Post($"/app/{app}/msg", """{"eventType":"lead.captured","payload":{}}""")).Expect(202);
            last = (await api.Post($"/app/{app}/msg", """{"eventType":"sale.completed","orderingKey":"k","payload":{}}""")).Expect(202)["id"];
        }

        var explained = (await api.Get($"/app/{app}/msg/{last}/endpoint/{endpoint}/explain")).Expect(200);

        Assert.Equal(("waiting", lane), (explained["standing"], explained["lane"]));
        Assert.Equal((ahead, true), (explained.Json.GetProperty("ahead").GetInt32(), explained.Json.GetProperty("aheadIsExact").GetBoolean()));
        Assert.Equal("null", explained.Json.GetProperty("rule").GetRawText());
        Assert.Contains("3 of the endpoint's messages", explained["inWords"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_before_any_answer_is_told_in_words()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        // Nobody listens there.
        var endpoint = (await api.Post($"/app/{app}/endpoint", """{"url":"http://127.0.0.1:9/","retrySchedule":[3600]}""")).Expect(201)["id"];
        var message = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"];
        var path = $"/app/{app}/msg/{message}/endpoint/{endpoint}/explain";
        await Eventually.TrueAsync(async () => (await api.Get(path))["standing"] == "retrying", "it has failed once");

        Assert.Contains("1 times, last without an answer: connection refused by 127.0.0.1:9.", (await api.Get(path))["inWords"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_is_listed_with_its_reason_until_it_is_sent_again()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(500));
        var endpoint = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}","retrySchedule":[]}""")).Expect(201)["id"];
        var first = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"n":1}}""")).Expect(202)["id"];
        var second = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"n":2}}""")).Expect(202)["id"];
        var list = $"/app/{app}/endpoint/{endpoint}/dead-letter";
        await Eventually.TrueAsync(async () => (await api.Get(list)).Items("id").Length == 2, "both were given up");

        Assert.Equal([second, first], (await api.Get(list)).Items("id"));
        Assert.Equal(["exhausted", "exhausted"], (await api.Get(list)).Items("reason"));
        Assert.Equal([first], (await api.Get($"{list}?limit=1&iterator={second}")).Items("id"));
        Assert.Equal(2, (await api.Get(list + "/count")).Expect(200).Json.GetProperty("count").GetInt32());
        Assert.Contains("all 1 attempts", (await api.Get($"/app/{app}/msg/{first}/endpoint/{endpoint}/explain"))["inWords"], StringComparison.Ordinal);

        receiver.Answer = ReceiverServer.Status(204);
        (await api.Post($"/app/{app}/msg/{first}/endpoint/{endpoint}/resend", "")).Expect(202);
        await Eventually.TrueAsync(async () => (await api.Get(list)).Items("id") is [var only] && only == second, "what was delivered is no dead letter");
    }
}
