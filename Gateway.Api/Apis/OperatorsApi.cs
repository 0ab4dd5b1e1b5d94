using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>What an operator may do to an endpoint's queue. Each has an entry in the audit log.</summary>
internal static class OperatorsApi
{
    private const string Queue = "queue";
    private const string FromNow = "now";

    public static void MapOperators(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/app/{app}/endpoint/{endpoint}").WithTags("Endpoint");
        group.MapPost("/pause", PauseAsync);
        group.MapPost("/resume", ResumeAsync);
        group.MapPost("/skip-head", SkipHeadAsync).ForOrganizations();
        group.MapPost("/purge", PurgeAsync).ForOrganizations();
    }

    private static async Task<IResult> PauseAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var note = input.Note();
        input.Check();
        var act = http.Act(time, note);
        return Show(await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.PauseEndpoint(address, endpoint, act)));
    }

    private static async Task<IResult> ResumeAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var from = input.Defaulted("from", Queue, input.Text).Value;
        if (from is not (Queue or FromNow))
        {
            throw input.Undecodable("from", "Must be queue or now.");
        }

        var note = input.Note();
        input.Check();
        if (from == FromNow && http.Caller().Application is not null)
        {
            // It gives up messages that the organization accepted for delivery, as a purge does.
            throw new ApiException(403, "insufficient access", "An application's token may resume from the queue only.");
        }

        var act = http.Act(time, note);
        return Show(await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.ResumeEndpoint(address, endpoint, from == FromNow, act)));
    }

    private static async Task<IResult> SkipHeadAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var message = input.Optional("message", (v, n) => (string?)input.Text(v, n)).Value;
        if (message is { Length: 0 or > Rules.MaxNameLength })
        {
            input.Refuse($"Must be 1 to {Rules.MaxNameLength} characters.", "message");
        }

        var note = input.Note();
        input.Check();
        var act = http.Act(time, note);
        // Without a message, a repeat after an outcome that is not known could skip one more.
        var skipped = (await applications.CallAsync(http.Caller(), app, repeatable: message is not null, (grain, address, _) => grain.SkipHead(address, endpoint, message, act))).OrThrow();
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("messageId", skipped.MessageId);
            json.WriteString("state", skipped.InFlight ? "in-flight" : "skipped");
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> PurgeAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var note = input.Note();
        input.Check();
        var act = http.Act(time, note);
        var purged = (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.Purge(address, endpoint, act))).OrThrow();
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("upTo", purged.UpTo);
            json.WriteBoolean("inFlight", purged.InFlight);
            json.WriteEndObject();
        });
    }

    private static JsonBody Show(Webhooks.Grains.Interfaces.Answer<EndpointDetails> answer)
    {
        var endpoint = answer.OrThrow();
        return new JsonBody(200, json => EndpointJson.Write(json, endpoint));
    }
}
