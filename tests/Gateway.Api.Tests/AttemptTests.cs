using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What the API says about deliveries.</summary>
public sealed class AttemptTests(ApiFixture fixture)
{
    [Fact]
    public async Task Attempts_tell_what_the_receiver_answered()
    {
        await using var receiver = await ReceiverServer.StartAsync(async (request, context) =>
        {
            context.Response.StatusCode = request.Order == 1 ? 503 : 200;
            await context.Response.WriteAsync(request.Order == 1 ? "busy" : "thanks");
        });
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = receiver.Url.ToString() }))).Expect(201)["id"];
        var message = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"];

        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/msg/{message}")).Items("id").Length == 2, "both attempts are recorded");

        var newestFirst = (await api.Get($"/app/{app}/attempt/endpoint/{endpoint}")).Expect(200).Json.GetProperty("data");
        var (second, first) = (newestFirst[0], newestFirst[1]);
        Assert.Equal((2, 503, "busy", 0), (Number(first, "status"), Number(first, "responseStatusCode"), first.GetProperty("response").GetString(), Number(first, "triggerType")));
        Assert.Equal((0, 200, "thanks"), (Number(second, "status"), Number(second, "responseStatusCode"), second.GetProperty("response").GetString()));
        Assert.Equal((message, endpoint, receiver.Url.ToString()), (first.GetProperty("msgId").GetString(), first.GetProperty("endpointId").GetString(), first.GetProperty("url").GetString()));
        Assert.True(Number(first, "responseDurationMs") >= 0);

        Assert.Equal([first.GetProperty("id").GetString()], (await api.Get($"/app/{app}/attempt/msg/{message}?status=2")).Items("id"));
        Assert.Equal([second.GetProperty("id").GetString()], (await api.Get($"/app/{app}/attempt/endpoint/{endpoint}?status_code_class=200")).Items("id"));
        var one = (await api.Get($"/app/{app}/msg/{message}/attempt/{first.GetProperty("id").GetString()}")).Expect(200);
        Assert.Equal("busy", one["response"]);
        (await api.Get($"/app/{app}/msg/{message}/attempt/atmpt_0000000000000000000000")).Expect(404);
        (await api.Get($"/app/{app}/attempt/endpoint/ep_0000000000000000000000")).Expect(404);
        (await api.Get($"/app/{app}/attempt/msg/{message}?status=9")).Expect(400);
    }

    [Fact]
    public async Task Only_endpoints_whose_filters_match_are_tried()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post("/event-type", """{"name":"sale.completed","description":""}""")).Expect(201);
        await CreateAsync(new { url = receiver.Url + "all" });
        await CreateAsync(new { url = receiver.Url + "sales", filterTypes = new[] { "sale.completed" } });
        await CreateAsync(new { url = receiver.Url + "vip", channels = new[] { "vip" } });

        (await api.Post($"/app/{app}/msg", """{"eventType":"lead.captured","payload":{}}""")).Expect(202);
        (await api.Post($"/app/{app}/msg", """{"eventType":"sale.completed","channels":["vip"],"payload":{}}""")).Expect(202);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 4, "every match is delivered");
        Assert.Equal(["/all", "/all", "/sales", "/vip"], receiver.Requests.Select(static r => r.Path).Order(StringComparer.Ordinal));

        async Task CreateAsync(object body) =>
            (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(body))).Expect(201);
    }

    private static int Number(JsonElement item, string field) => item.GetProperty(field).GetInt32();
}
