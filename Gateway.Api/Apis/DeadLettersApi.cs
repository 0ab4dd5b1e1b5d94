using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Messages that were given up at an endpoint: listed and counted. Each is sent again by the route that resends.</summary>
internal static class DeadLettersApi
{
    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}/endpoint/{endpoint}").WithTags("Endpoint");
        group.MapGet("/dead-letter", ListAsync);
        group.MapGet("/dead-letter/count", CountAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Message, descending: true, mayOrder: false);
        var withContent = QueryInput.Flag(http.Request, "with_content", true);
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var letters = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListDeadLetters(found.ApplicationId, found.Id, withContent, page));
        return Answers.List(letters, static l => l.Message.Id, (json, l) =>
        {
            json.WriteStartObject();
            MessageJson.WriteFields(json, l.Message, withContent);
            json.WriteString("reason", l.Reason);
            json.WriteTime("deadAt", l.At);
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> CountAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var count = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).CountDeadLetters(found.Id));
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("count", count.Count);
            json.WriteEndObject();
        });
    }
}
