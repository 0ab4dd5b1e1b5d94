using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Endpoints: create, read, list, update, delete, their secret and headers.</summary>
internal static class EndpointsApi
{
    public static void MapEndpoints(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}/endpoint").WithTags("Endpoint");
        group.MapGet("", ListAsync);
        group.MapPost("", CreateAsync);
        group.MapGet("/{endpoint}", GetAsync);
        group.MapPut("/{endpoint}", PutAsync);
        group.MapPatch("/{endpoint}", PatchAsync);
        group.MapDelete("/{endpoint}", DeleteAsync);
        group.MapGet("/{endpoint}/secret", EndpointSecrets.GetAsync);
        group.MapPost("/{endpoint}/secret/rotate", EndpointSecrets.RotateAsync);
        group.MapGet("/{endpoint}/headers", EndpointHeaders.GetAsync);
        group.MapPut("/{endpoint}/headers", EndpointHeaders.PutAsync);
        group.MapPatch("/{endpoint}/headers", EndpointHeaders.PatchAsync);
    }

    /// <summary>The endpoint with this id or uid, read from the store.</summary>
    public static async Task<EndpointDetails> FindAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var id = await applications.ResolveAsync(http.Caller(), app);
        return await calls.ReadAsync(g => g.GetGrain<IEndpointQueries>(0).Find(id, endpoint)) ?? throw ApiException.NotFound();
    }

    private static async Task<IResult> ListAsync(HttpContext http, string app, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.Endpoint, descending: true, mayOrder: true);
        var id = await applications.ResolveAsync(http.Caller(), app);
        var endpoints = await calls.ReadAsync(g => g.GetGrain<IEndpointQueries>(0).List(id, page));
        return Answers.List(endpoints, static e => e.Id, Write);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string app, BodyReader bodies, Applications applications, EndpointInput inputs)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: false), takesSecret: true);
        return One(201, (await applications.CallAsync(http.Caller(), app, repeatable: false, (grain, address, _) => grain.CreateEndpoint(address, values))).OrThrow());
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications) =>
        One(200, await FindAsync(http, app, endpoint, calls, applications));

    private static async Task<IResult> PutAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, EndpointInput inputs)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: false), takesSecret: false);
        var answer = await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.UpdateEndpoint(address, endpoint, values));
        if (answer.Refusal?.Kind != RefusalKind.NotFound)
        {
            return One(200, answer.OrThrow());
        }

        return One(201, (await applications.CallAsync(http.Caller(), app, repeatable: false, (grain, address, _) => grain.CreateEndpoint(address, values))).OrThrow());
    }

    private static async Task<IResult> PatchAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, EndpointInput inputs)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: true), takesSecret: false);
        return One(200, (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.UpdateEndpoint(address, endpoint, values))).OrThrow());
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string app, string endpoint, Applications applications)
    {
        (await applications.CallAsync(http.Caller(), app, repeatable: false, (grain, address, _) => grain.DeleteEndpoint(address, endpoint))).OrThrow();
        return Results.NoContent();
    }

    private static JsonBody One(int status, EndpointDetails endpoint) => new(status, json => Write(json, endpoint));

    private static void Write(Utf8JsonWriter json, EndpointDetails endpoint)
    {
        json.WriteStartObject();
        json.WriteString("id", endpoint.Id);
        json.WriteString("url", endpoint.Url);
        json.WriteString("description", endpoint.Description);
        json.WriteString("uid", endpoint.Uid);
        json.WriteBoolean("disabled", endpoint.Disabled);
        json.WriteListOrNull("eventTypes", endpoint.EventTypes);
        json.WriteListOrNull("filterTypes", endpoint.EventTypes);
        json.WriteListOrNull("channels", endpoint.Channels);
        json.WriteNumberOrNull("throttleRate", endpoint.ThrottleRate);
        json.WriteNumberOrNull("rateLimit", endpoint.ThrottleRate);
        json.WriteNumber("version", endpoint.Version);
        json.WriteMap("metadata", endpoint.Metadata);
        json.WriteString("ordering", EndpointInput.Spell(endpoint.Ordering));
        json.WriteNumberOrNull("maxInFlight", endpoint.MaxInFlight);
        if (endpoint.RetrySchedule is { } schedule)
        {
            json.WriteStartArray("retrySchedule");
            foreach (var seconds in schedule)
            {
                json.WriteNumberValue(seconds);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("retrySchedule");
        }

        json.WriteTime("createdAt", endpoint.CreatedAt);
        json.WriteTime("updatedAt", endpoint.UpdatedAt);
        json.WriteEndObject();
    }
}
