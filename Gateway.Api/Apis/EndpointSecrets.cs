using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Signing;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>An endpoint's signing key: shown in its public form, and rotated.</summary>
internal static class EndpointSecrets
{
    private const int DefaultGraceSeconds = 24 * 60 * 60;
    private const int MaxGraceSeconds = 7 * 24 * 60 * 60;

    public static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("key", PublicKeys.Of(found.Secrets[0].Key));
            json.WriteEndObject();
        });
    }

    public static async Task<IResult> RotateAsync(HttpContext http, string app, string endpoint, BodyReader bodies, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var key = input.Optional("key", (v, n) => (string?)input.Text(v, n)).Value;
        if (key is not null && PublicKeys.Fault(key) is { } fault)
        {
            input.Refuse(fault, "key");
        }

        var grace = input.Optional("gracePeriodSeconds", (v, n) => (int?)input.Number(v, n)).Value ?? DefaultGraceSeconds;
        if (grace is < 0 or > MaxGraceSeconds)
        {
            input.Refuse($"Must be 0 to {MaxGraceSeconds} seconds.", "grace_period_seconds");
        }

        input.Check();
        var act = http.Act(time);
        (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.RotateSecret(address, endpoint, key, grace, act))).OrThrow();
        return Reply.NoContent;
    }
}
