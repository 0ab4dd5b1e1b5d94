using System.Text;
using System.Text.Json;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What the gateway answers is what its document promises, no key less and no key more.</summary>
public sealed class OpenApiShapeTests(ApiFixture fixture)
{
    [Fact]
    public async Task Applications_have_the_documents_shape()
    {
        using var api = fixture.NewOrganization();
        var document = await DocumentAsync(api);
        var full = """{"name":"Acme","uid":"acme","throttleRate":5,"metadata":{"plan":"gold"}}""";
        Matches(document, "application.create", await api.Post("/app", full));
        Matches(document, "application.create", await api.Post("/app?get_if_exists=true", full));
        Matches(document, "application.create", await api.Post("/app", """{"name":"Bare"}"""));
        Matches(document, "application.create", await api.Post("/app", full), 409);
        Matches(document, "application.create", await api.Post("/app", """{"name":""}"""), 422);
        Matches(document, "application.get", await api.Get("/app/acme"));
        Matches(document, "application.get", await api.Get("/app/nobody"), 404);
        Matches(document, "application.list", await api.Get("/app"));
        Matches(document, "application.list", await api.Get("/app?limit=x"), 400);
        Matches(document, "application.patch", await api.Patch("/app/acme", """{"uid":null,"throttleRate":null}"""));
    }

    [Fact]
    public async Task Endpoints_have_the_documents_shape()
    {
        using var api = fixture.NewOrganization();
        var document = await DocumentAsync(api);
        var app = await api.NewApplication();
        Matches(document, "endpoint.list", await api.Get($"/app/{app}/endpoint"));
        Matches(document, "endpoint.create", await api.Post($"/app/{app}/endpoint", """{"url":"https://example.com"}"""));
        Matches(document, "endpoint.create", await api.Post($"/app/{app}/endpoint", """
            {
              "url": "https://example.com", "uid": "crm", "description": "x", "throttleRate": 5, "version": 2, "disabled": true, "channels": ["a"],
              "metadata": {"a": "b"}, "headers": {"X-A": "b", "Authorization": "c"}, "ordering": "key", "maxInFlight": 4, "retrySchedule": [1, 2], "eventTypes": ["lead.*"], "filter": {"a": 1}
            }
            """));
        Matches(document, "endpoint.get", await api.Get($"/app/{app}/endpoint/crm"));
        Matches(document, "endpoint.list", await api.Get($"/app/{app}/endpoint"));
        Matches(document, "endpoint.test-filter", await api.Post($"/app/{app}/endpoint/crm/filter/test", """{"eventType":"a","payload":1}"""));
        Matches(document, "endpoint.test-filter", await api.Post($"/app/{app}/endpoint/crm/filter/test", """{"eventType":"lead.new","channels":["a"],"payload":{"a":1}}"""));
        Matches(document, "endpoint.test-filter", await api.Post($"/app/{app}/endpoint/crm/filter/test", "{}"), 422);
        Matches(document, "endpoint.get-public-keys", await api.Get("~/jwks/" + (await api.Get($"/app/{app}/endpoint/crm"))["id"]));
        Matches(document, "endpoint.get-public-keys", await api.Get("~/jwks/nobody"), 404);
        Matches(document, "endpoint.get-secret", await api.Get($"/app/{app}/endpoint/crm/secret"));
        Matches(document, "endpoint.get-headers", await api.Get($"/app/{app}/endpoint/crm/headers"));
        Matches(document, "authentication.app-portal-access", await api.Post($"/auth/app-portal-access/{app}", "{}"));
        using var stranger = fixture.With("nonsense");
        Matches(document, "endpoint.list", await stranger.Get($"/app/{app}/endpoint"), 401);
    }

    [Fact]
    public async Task Event_types_have_the_documents_shape()
    {
        using var api = fixture.NewOrganization();
        var document = await DocumentAsync(api);
        Matches(document, "event-type.create", await api.Post("/event-type", """{"name":"bare","description":""}"""));
        Matches(document, "event-type.create", await api.Post("/event-type", """
            {"name":"lead.captured","description":"x","schemas":{"1":{"type":"object"}},"featureFlag":"beta","groupName":"leads","deprecated":true}
            """));
        Matches(document, "event-type.create", await api.Post("/event-type", """{"name":"bare","description":""}"""), 409);
        Matches(document, "event-type.get", await api.Get("/event-type/lead.captured"));
        Matches(document, "event-type.list", await api.Get("/event-type"));
        Matches(document, "event-type.list", await api.Get("/event-type?with_content=true"));
    }

    [Fact]
    public async Task Messages_and_attempts_have_the_documents_shape()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        using var api = fixture.NewOrganization();
        var document = await DocumentAsync(api);
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = receiver.Url.ToString() }))).Expect(201)["id"];
        Matches(document, "message.create", await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}"""));
        var full = """{"eventType":"a","eventId":"e-1","channels":["vip"],"orderingKey":"k","payload":{"a":1}}""";
        var message = await api.Post($"/app/{app}/msg", full);
        Matches(document, "message.create", message);
        Matches(document, "message.create", await api.Post($"/app/{app}/msg", full), 409);
        Matches(document, "message.create-event", await api.Post($"/app/{app}/event", """{"type":"a","data":[1]}"""));
        Matches(document, "message.get", await api.Get($"/app/{app}/msg/e-1"));
        Matches(document, "message.list", await api.Get($"/app/{app}/msg"));

        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/endpoint/{endpoint}")).Items("id").Length == 3, "every attempt is recorded");
        var attempts = await api.Get($"/app/{app}/attempt/endpoint/{endpoint}");
        Matches(document, "message-attempt.list-by-endpoint", attempts);
        Matches(document, "message-attempt.list-by-msg", await api.Get($"/app/{app}/attempt/msg/{message["id"]}"));
        var attempt = (await api.Get($"/app/{app}/attempt/msg/{message["id"]}")).Items("id")[0];
        Matches(document, "message-attempt.explain", await api.Get($"/app/{app}/msg/{message["id"]}/endpoint/{endpoint}/explain"));
        Matches(document, "message-attempt.get", await api.Get($"/app/{app}/msg/{message["id"]}/attempt/{attempt}"));
    }

    [Fact]
    public async Task Health_has_the_documents_shape()
    {
        using var nobody = fixture.With(null);
        var document = await DocumentAsync(nobody);
        Matches(document, "health.get", await nobody.Get("/health"));
        Matches(document, "health.live", await nobody.Get("~/health/live"));
        Matches(document, "health.ready", await nobody.Get("~/health/ready"));
    }

    [Fact]
    public async Task The_documents_examples_of_bodies_are_accepted()
    {
        using var api = fixture.NewOrganization();
        var document = await DocumentAsync(api);
        await SendAsync("event-type.create");
        await SendAsync("event-type.update", ("name", "lead.captured"));
        await SendAsync("application.create");
        await SendAsync("endpoint.create", ("app", "acme"));
        await SendAsync("endpoint.update-headers", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("endpoint.patch-headers", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("endpoint.rotate-secret", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("endpoint.test-filter", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("endpoint.update", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("endpoint.patch", ("app", "acme"), ("endpoint", "crm"));
        await SendAsync("message.create", ("app", "acme"));
        await SendAsync("message.create-event", ("app", "acme"));
        await SendAsync("application.patch", ("app", "acme"));
        await SendAsync("application.update", ("app", "acme"));
        await SendAsync("authentication.app-portal-access", ("app", "acme"));
        await SendAsync("event-type.patch", ("name", "lead.captured"));

        async Task SendAsync(string operationId, params (string Name, string Value)[] values)
        {
            var (path, operation) = document.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject().Select(o => (p.Name, Operation: o)))
                .Single(o => o.Operation.Value.GetProperty("operationId").GetString() == operationId);
            var address = values.Aggregate(path, static (text, value) => text.Replace("{" + value.Name + "}", value.Value, StringComparison.Ordinal));
            var example = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();
            var answer = await api.Send(HttpMethod.Parse(operation.Name), "~" + address, Encoding.UTF8.GetBytes(example));
            Assert.True(answer.Status < 300, $"{operationId}: {answer.Status} {answer.Text}");
        }
    }

    private static async Task<JsonElement> DocumentAsync(ApiClient api) => (await api.Get("~/openapi/v1.json")).Expect(200).Json;

    /// <summary>The answer is a success, or has the status, and the document knows every key of it.</summary>
    private static void Matches(JsonElement document, string operationId, ApiAnswer answer, int? status = null)
    {
        Assert.True(status is null ? answer.Status < 300 : answer.Status == status, $"{operationId}: {answer.Status} {answer.Text}");
        Assert.Empty(new JsonShape(document).Faults(operationId, answer));
    }
}
