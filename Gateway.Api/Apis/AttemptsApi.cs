using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Attempts: by endpoint, by message, one.</summary>
internal static class AttemptsApi
{
    private static readonly int[] Statuses = [0, 1, 2, 3];
    private static readonly int[] CodeClasses = [0, 100, 200, 300, 400, 500];

    public static void MapAttempts(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}").WithTags("Message Attempt");
        group.MapGet("/attempt/endpoint/{endpoint}", ListByEndpointAsync);
        group.MapGet("/attempt/msg/{message}", ListByMessageAsync);
        group.MapGet("/msg/{message}/attempt/{attempt}", GetAsync);
        group.MapDelete("/msg/{message}/attempt/{attempt}/content", ExpungeAsync).ForOrganizations();
        // Kept for old clients.
        group.MapGet("/msg/{message}/attempt", ListByMessageAsync);
        group.MapGet("/msg/{message}/endpoint/{endpoint}/attempt", ListByBothAsync);
    }

    private static async Task<IResult> ListByEndpointAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var (page, filter) = ReadQuery(http.Request);
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var attempts = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListByEndpoint(found.ApplicationId, found.Id, filter, page));
        return Answers.List(attempts, static a => a.Id, Write);
    }

    private static Task<IResult> ListByMessageAsync(HttpContext http, string app, string message, GrainCalls calls, Applications applications) =>
        ListByBothAsync(http, app, message, http.Request.Query["endpoint_id"].FirstOrDefault(), calls, applications);

    private static async Task<IResult> ListByBothAsync(HttpContext http, string app, string message, string? endpoint, GrainCalls calls, Applications applications)
    {
        var (page, filter) = ReadQuery(http.Request);
        var id = await applications.ResolveAsync(http.Caller(), app);
        if (await calls.ReadAsync(g => g.GetGrain<IMessageQueries>(0).Find(id, message, false)) is null)
        {
            throw ApiException.NotFound();
        }

        if (!string.IsNullOrEmpty(endpoint))
        {
            filter = filter with { EndpointId = (await EndpointsApi.FindAsync(http, app, endpoint, calls, applications)).Id };
        }

        var attempts = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListByMessage(id, message, filter, page));
        return Answers.List(attempts, static a => a.Id, Write);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, string message, string attempt, GrainCalls calls, Applications applications)
    {
        var id = await applications.ResolveAsync(http.Caller(), app);
        var found = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).Find(id, message, attempt)) ?? throw ApiException.NotFound();
        return new JsonBody(200, json => Write(json, found));
    }

    private static async Task<IResult> ExpungeAsync(HttpContext http, string app, string message, string attempt, Applications applications)
    {
        (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.ExpungeAttempt(address, message, attempt))).OrThrow();
        return Reply.NoContent;
    }

    private static (PageRequest Page, AttemptFilter Filter) ReadQuery(HttpRequest request) => (
        QueryInput.Page(request, EntityId.Attempt, descending: true, mayOrder: false),
        new AttemptFilter(
            QueryInput.Time(request, "before"),
            QueryInput.Time(request, "after"),
            QueryInput.OneOf(request, "status", Statuses),
            QueryInput.OneOf(request, "status_code_class", CodeClasses),
            QueryInput.Name(request, "channel"),
            QueryInput.EventTypes(request),
            null,
            QueryInput.Flag(request, "with_content", true),
            QueryInput.Name(request, "tag")));

    private static void Write(Utf8JsonWriter json, AttemptDetails attempt)
    {
        json.WriteStartObject();
        json.WriteString("id", attempt.Id);
        json.WriteString("msgId", attempt.MessageId);
        json.WriteString("endpointId", attempt.EndpointId);
        json.WriteString("url", attempt.Url);
        json.WriteString("response", attempt.Response);
        json.WriteNumber("responseStatusCode", attempt.ResponseStatusCode);
        json.WriteNumber("responseDurationMs", attempt.ResponseDurationMs);
        json.WriteNumber("status", (int)attempt.Status);
        json.WriteString("statusText", attempt.Status == AttemptStatus.Success ? "success" : "fail");
        json.WriteNumber("triggerType", (int)attempt.Trigger);
        json.WriteTime("timestamp", attempt.StartedAt);
        json.WriteEndObject();
    }
}
