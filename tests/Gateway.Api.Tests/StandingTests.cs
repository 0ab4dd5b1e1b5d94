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

        (await api.Patch($"/app/{app}/endpoint/{endpoint}", """{"disabled":true}""")).Expect(200);
        Assert.Contains("disabled", (await ExplainAsync(waiting))["inWords"], StringComparison.Ordinal);
        (await api.Get($"/app/{app}/msg/msg_unknown/endpoint/{endpoint}/explain")).Expect(404);
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
