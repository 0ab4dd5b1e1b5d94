using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Gateway.Api.Inbox;
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
        group.MapPost("/{endpoint}/recover", EndpointRecovery.RecoverAsync);
        group.MapPost("/{endpoint}/replay-missing", EndpointRecovery.ReplayMissingAsync);
        group.MapPost("/{endpoint}/bulk-replay", EndpointRecovery.BulkReplayAsync);
        group.MapPost("/{endpoint}/dead-letter/resend", EndpointRecovery.ResendDeadLettersAsync);
        group.MapPost("/{endpoint}/send-example", EndpointExamples.SendAsync);
        group.MapGet("/{endpoint}/stats", EndpointStatistics.GetAsync);
        group.MapGet("/{endpoint}/stats/series", EndpointSeries.GetAsync);
        group.MapPost("/{endpoint}/filter/test", EndpointFilterTest.TestAsync);
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
        return Answers.List(endpoints, static e => e.Id, EndpointJson.Write);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string app, BodyReader bodies, Applications applications, EndpointInput inputs, TimeProvider time, Inboxes inboxes)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: false), takesSecret: true);
        var id = EntityId.Format(EntityId.Endpoint, http.CallId(time));
        return One(201, inboxes.Notice((await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.CreateEndpoint(address, values, id))).OrThrow()));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, Inboxes inboxes) =>
        One(200, inboxes.Notice(await FindAsync(http, app, endpoint, calls, applications)));

    private static async Task<IResult> PutAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, EndpointInput inputs, TimeProvider time, Inboxes inboxes)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: false), takesSecret: false);
        var act = http.Act(time);
        var answer = await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.UpdateEndpoint(address, endpoint, values, act));
        if (answer.Refusal?.Kind != RefusalKind.NotFound)
        {
            return One(200, inboxes.Notice(answer.OrThrow()));
        }

        var id = EntityId.Format(EntityId.Endpoint, http.CallId(time));
        return One(201, inboxes.Notice((await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.CreateEndpoint(address, values, id))).OrThrow()));
    }

    private static async Task<IResult> PatchAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, EndpointInput inputs, TimeProvider time, Inboxes inboxes)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var values = inputs.Read(new Input(body.RootElement, patch: true), takesSecret: false);
        var act = http.Act(time);
        return One(200, inboxes.Notice((await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.UpdateEndpoint(address, endpoint, values, act))).OrThrow()));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string app, string endpoint, Applications applications)
    {
        (await applications.CallAsync(http.Caller(), app, repeatable: false, (grain, address, _) => grain.DeleteEndpoint(address, endpoint))).OrThrow();
        return Reply.NoContent;
    }

    private static JsonBody One(int status, EndpointDetails endpoint) => new(status, json => EndpointJson.Write(json, endpoint));
}
