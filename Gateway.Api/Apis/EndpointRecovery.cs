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

    public static Task<IResult> RecoverAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        StartAsync(RecoverKind.Failed, http, app, endpoint, bodies, calls, applications, time);

    public static Task<IResult> ReplayMissingAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        StartAsync(RecoverKind.Missing, http, app, endpoint, bodies, calls, applications, time);

    /// <summary>How a task is getting on. Its id is looked at as a whole: those of other organizations are unknown.</summary>
    public static async Task<IResult> GetTaskAsync(HttpContext http, string task, GrainCalls calls)
    {
        if (!EntityId.TryParse(EntityId.BackgroundTask, task, out _)
            || await calls.ReadAsync(g => g.GetGrain<IRecoverTaskGrain>(task).Look()) is not { } progress
            || progress.Task.Organization != http.Caller().Organization)
        {
            throw ApiException.NotFound();
        }

        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", task);
            json.WriteString("status", progress.Finished ? "finished" : "running");
            json.WriteString("task", NameOf(progress.Task.Kind));
            json.WriteStartObject("data");
            json.WriteNumber("messagesSent", progress.Sent);
            json.WriteEndObject();
            json.WriteTime("updatedAt", progress.UpdatedAt);
            json.WriteEndObject();
        });
    }

    private static string NameOf(RecoverKind kind) => kind == RecoverKind.Failed ? "endpoint.recover" : "endpoint.replay";

    private static async Task<IResult> StartAsync(
        RecoverKind kind, HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time)
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
        var key = EntityId.Format(EntityId.BackgroundTask, id);
        await calls.PersistAsync(async (g, _) =>
        {
            await g.GetGrain<IRecoverTaskGrain>(key).Start(new RecoverTask(http.Caller().Organization, kind, found.ApplicationId, found.Id, since, until));
            return true;
        });
        return new JsonBody(202, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", key);
            json.WriteString("status", "running");
            json.WriteString("task", NameOf(kind));
            json.WriteTime("updatedAt", TimeOrderedId.TimeOf(id));
            json.WriteEndObject();
        });
    }
}
