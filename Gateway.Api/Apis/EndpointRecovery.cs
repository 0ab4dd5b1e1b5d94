using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Sends once more what failed at an endpoint within a time.</summary>
internal static class EndpointRecovery
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static async Task<IResult> RecoverAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var since = input.Required("since", input.Time).Value;
        var until = input.Optional("until", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value ?? time.GetUtcNow();
        if (since < until - Longest - Tolerance)
        {
            input.Refuse($"Must not lie more than {Longest.TotalDays} days before until.", "since");
        }

        input.Check();
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var id = http.CallId(time);
        var task = EntityId.Format(EntityId.BackgroundTask, id);
        await calls.PersistAsync(async (g, _) =>
        {
            await g.GetGrain<IRecoverTaskGrain>(task).Start(found.Id, since, until);
            return true;
        });
        return new JsonBody(202, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", task);
            json.WriteString("status", "running");
            json.WriteString("task", "endpoint.recover");
            json.WriteTime("updatedAt", TimeOrderedId.TimeOf(id));
            json.WriteEndObject();
        });
    }
}
