using System.Runtime.InteropServices;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Whether an endpoint would receive a message, by its filters or by others to be tried. Nothing is stored or sent.</summary>
internal static class EndpointFilterTest
{
    private const int MaxChannels = 5;

    public static async Task<IResult> TestAsync(HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var eventType = input.Required("eventType", input.Text).Value!;
        var channels = input.Optional("channels", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)).Value;
        var payload = input.Required("payload", static (value, _) => JsonMarshal.GetRawUtf8Value(value).ToArray()).Value!;
        // Tried instead of the endpoint's own only where the body names them: null is a filter too, the one that lets all through.
        var types = input.Has("eventTypes") ? input.Optional("eventTypes", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n)) : default;
        var filter = input.Has("filter") ? input.Optional("filter", (v, n) => EndpointInput.Filter(input, v, n)) : default;
        input.Name(eventType, "event_type");
        input.Names(channels, "channels", MaxChannels);
        input.TypeFilters(types.Value, "event_types");
        input.Check();
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var tried = found with { EventTypes = types.Over(found.EventTypes), Filter = filter.Over(found.Filter), Secrets = [] };
        var rule = await calls.ReadAsync(g => g.GetGrain<IEndpointQueries>(0).TryFilters(tried, eventType, channels, payload));
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("matches", rule is null);
            json.WriteString("rule", rule);
            json.WriteEndObject();
        });
    }
}
