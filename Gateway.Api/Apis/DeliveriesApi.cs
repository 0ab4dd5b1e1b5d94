using System.Text.Json;
using System.Text.Json.Nodes;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>What came of messages: those tried at an endpoint, the endpoints a message was tried at; sending one again.</summary>
internal static class DeliveriesApi
{
    private const int Pending = 1;

    private static readonly int[] Statuses = [0, Pending, 2, 3];

    public static void MapDeliveries(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}").WithTags("Message Attempt");
        group.MapGet("/endpoint/{endpoint}/msg", ListMessagesAsync);
        group.MapGet("/msg/{message}/endpoint", ListEndpointsAsync);
        group.MapPost("/msg/{message}/endpoint/{endpoint}/resend", ResendAsync);
    }

    private static async Task<IResult> ListMessagesAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Message, descending: true, mayOrder: false);
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var status = QueryInput.OneOf(http.Request, "status", Statuses);
        var filter = MessagesApi.ReadFilter(http.Request, withContent);
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        // What has not been tried is not in this list: nothing in it is pending.
        var messages = status == Pending
            ? new Page<AttemptedMessageDetails>([], false)
            : await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListMessages(found.ApplicationId, found.Id, filter, (AttemptedStatus?)status, page));
        return Answers.List(messages, static m => m.Message.Id, (json, m) =>
        {
            json.WriteStartObject();
            MessageJson.WriteFields(json, m.Message, withContent);
            WriteStatus(json, (int)m.Status);
            if (m.NextAttemptAt is { } next)
            {
                json.WriteTime("nextAttempt", next);
            }

            json.WriteEndObject();
        });
    }

    private static async Task<IResult> ListEndpointsAsync(HttpContext http, string app, string message, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Endpoint, descending: false, mayOrder: false);
        var found = await MessagesApi.FindAsync(http, app, message, withContent: false, calls, applications);
        var id = await applications.ResolveAsync(http.Caller(), app);
        var endpoints = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListEndpoints(id, found.Id, page));
        return Answers.List(endpoints, static e => e.Endpoint.Id, static (json, e) =>
        {
            json.WriteStartObject();
            EndpointJson.WriteFields(json, e.Endpoint);
            WriteStatus(json, (int)e.Status);
            if (e.NextAttemptAt is { } next)
            {
                json.WriteTime("nextAttempt", next);
            }
            else
            {
                json.WriteNull("nextAttempt");
            }

            json.WriteEndObject();
        });
    }

    private static async Task<IResult> ResendAsync(HttpContext http, string app, string message, string endpoint, GrainCalls calls, Applications applications, TimeProvider time)
    {
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var act = http.Act(time);
        (await calls.PersistAsync((g, _) => g.GetGrain<IEndpointGrain>(found.Id).Resend(message))).OrThrow();
        var details = new JsonObject { ["message"] = message };
        await calls.AppendAsync(http.Caller().Organization, found.ApplicationId, found.Id, AuditActions.MessageResent, details.ToJsonString(), act);
        return new Reply(202, "{}"u8.ToArray());
    }

    private static void WriteStatus(Utf8JsonWriter json, int status)
    {
        json.WriteNumber("status", status);
        json.WriteString("statusText", status switch
        {
            0 => "success",
            2 => "fail",
            _ => "sending",
        });
    }
}
