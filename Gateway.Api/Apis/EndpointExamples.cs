using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Sends an event type's example to one endpoint: a real message, signed and retried like any other.</summary>
internal static class EndpointExamples
{
    private const string Ping = "svix.ping";

    public static async Task<IResult> SendAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var eventType = input.Required("eventType", input.Text).Value!;
        input.Name(eventType, "event_type");
        input.Check();
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var message = new PublishMessage
        {
            Token = http.CallId(time),
            MayBeRepeat = true,
            EventType = eventType,
            Payload = eventType == Ping ? """{"success":true}"""u8.ToArray() : await ExampleAsync(http, eventType, calls),
            OnlyEndpoint = found.Id,
        };
        var details = await MessagesApi.PublishAsync(http, app, message, null, applications, calls, time);
        return new JsonBody(200, json => MessageJson.Write(json, details, withContent: false));
    }

    private static async Task<byte[]> ExampleAsync(HttpContext http, string eventType, GrainCalls calls)
    {
        var type = await calls.ReadAsync(g => g.GetGrain<IEventTypeCatalog>(0).Find(http.Caller().Organization, eventType));
        if (type is null || !EventTypesApi.IsVisible(type, http.Caller()))
        {
            throw ApiException.NotFound();
        }

        if (type.Schemas is not null)
        {
            using var schemas = JsonDocument.Parse(type.Schemas, new JsonDocumentOptions { MaxDepth = 10_000 });
            if (schemas.RootElement.TryGetProperty("1", out var schema) && schema.ValueKind == JsonValueKind.Object
                && schema.TryGetProperty("examples", out var examples) && examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0)
            {
                return System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(examples[0]).ToArray();
            }
        }

        throw new ApiException(400, "invalid_scheme", "The event type's schema of version 1 has no example.");
    }
}
