using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Headers of an endpoint's deliveries. Values of those that carry credentials are never shown.</summary>
internal static class EndpointHeaders
{
    private static readonly HashSet<string> Sensitive = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-auth-token", "x-api-key", "www-authenticate", "authorization", "proxy-authenticate", "proxy-authorization",
    };

    public static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteMap("headers", found.Headers.Where(static h => !Sensitive.Contains(h.Key)).ToDictionary());
            json.WriteListOrNull("sensitive", [.. found.Headers.Keys.Where(Sensitive.Contains)]);
            json.WriteEndObject();
        });
    }

    public static Task<IResult> PutAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, BodyReader bodies) =>
        ChangeAsync(http, app, endpoint, calls, applications, bodies, patch: false);

    public static Task<IResult> PatchAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, BodyReader bodies) =>
        ChangeAsync(http, app, endpoint, calls, applications, bodies, patch: true);

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, BodyReader bodies, bool patch)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var given = input.Required("headers", (value, name) => Read(input, value, name, patch)).Value!;
        foreach (var (name, value) in given)
        {
            if (Rules.HeaderFault(name, value) is { } fault)
            {
                throw new InputException(new InputFault(["body", "headers"], fault, InputFault.Undecodable));
            }
        }

        var headers = patch
            ? new Dictionary<string, string>((await EndpointsApi.FindAsync(http, app, endpoint, calls, applications)).Headers, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            if (value is null)
            {
                headers.Remove(name);
            }
            else
            {
                headers[name] = value;
            }
        }

        var change = new EndpointChange { Headers = Change<IReadOnlyDictionary<string, string>?>.To(headers) };
        (await applications.CallAsync(http.Caller(), app, repeatable: true, (grain, address, _) => grain.UpdateEndpoint(address, endpoint, change))).OrThrow();
        return Reply.NoContent;
    }

    private static Dictionary<string, string?> Read(Input input, JsonElement value, string name, bool mayRemove)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw input.Undecodable(name, "An object is expected.");
        }

        return value.EnumerateObject().ToDictionary(
            static p => p.Name,
            p => mayRemove && p.Value.ValueKind == JsonValueKind.Null ? null : input.Text(p.Value, name + "." + p.Name),
            StringComparer.Ordinal);
    }
}
