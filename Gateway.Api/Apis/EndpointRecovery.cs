using System.Text.Json.Nodes;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Starts tasks that send messages of a time to an endpoint again, or for the first time.</summary>
internal static class EndpointRecovery
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static async Task<IResult> RecoverAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        await StartAsync(RecoverKind.Failed, http, app, endpoint, await ReadAsync(http, app, bodies, applications, ReadRecent(time)), calls, applications, time);

    public static async Task<IResult> ReplayMissingAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        await StartAsync(RecoverKind.Missing, http, app, endpoint, await ReadAsync(http, app, bodies, applications, ReadRecent(time)), calls, applications, time);

    public static async Task<IResult> BulkReplayAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        await StartAsync(RecoverKind.Bulk, http, app, endpoint, await ReadAsync(http, app, bodies, applications, input => BulkReplayInput.Read(input, time)), calls, applications, time);

    public static async Task<IResult> ResendDeadLettersAsync(
        HttpContext http, string app, string endpoint, BodyReader bodies, GrainCalls calls, Applications applications, TimeProvider time) =>
        await StartAsync(RecoverKind.DeadLetters, http, app, endpoint, await ReadAsync(http, app, bodies, applications, input => ReadAnyTime(input, time)), calls, applications, time);

    private static async Task<RecoveryInput> ReadAsync(HttpContext http, string app, BodyReader bodies, Applications applications, Func<Input, RecoveryInput> read)
    {
        await applications.ResolveAsync(http.Caller(), app);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var values = read(input) with { DryRun = input.Defaulted("dryRun", false, input.Flag).Value };
        input.Check();
        return values;
    }

    private static Func<Input, RecoveryInput> ReadRecent(TimeProvider time) => input =>
    {
        var since = input.Required("since", input.Time).Value;
        var until = input.Optional("until", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value ?? time.GetUtcNow();
        if (since < until - Longest - Tolerance)
        {
            input.Refuse($"Must not lie more than {Longest.TotalDays} days before until.", "since");
        }

        return new RecoveryInput(since, until);
    };

    private static RecoveryInput ReadAnyTime(Input input, TimeProvider time)
    {
        var since = input.Optional("since", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value ?? DateTimeOffset.UnixEpoch;
        var until = input.Optional("until", (v, n) => (DateTimeOffset?)input.Time(v, n)).Value;
        if (until < since)
        {
            input.Refuse("Must not lie after until.", "since");
        }

        return new RecoveryInput(since, until ?? time.GetUtcNow());
    }

    private static async Task<IResult> StartAsync(
        RecoverKind kind, HttpContext http, string app, string endpoint, RecoveryInput values, GrainCalls calls, Applications applications, TimeProvider time)
    {
        var act = http.Act(time);
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var key = EntityId.Format(EntityId.BackgroundTask, act.Id);
        var task = new RecoverTask(http.Caller().Organization, kind, found.ApplicationId, found.Id, values.Since, values.Until, values.Filter, values.DryRun);
        await calls.PersistAsync(async (g, _) =>
        {
            await g.GetGrain<IRecoverTaskGrain>(key).Start(task);
            return true;
        });
        var action = kind == RecoverKind.DeadLetters ? AuditActions.DeadLettersResent : AuditActions.RecoveryStarted;
        await calls.AppendAsync(task.Organization, task.ApplicationId, task.EndpointId, action, Describe(key, task), act);
        return new JsonBody(202, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", key);
            json.WriteString("status", BackgroundTaskJson.Running);
            json.WriteString("task", BackgroundTaskJson.NameOf(kind));
            json.WriteTime("updatedAt", TimeOrderedId.TimeOf(act.Id));
            json.WriteEndObject();
        });
    }

    private static string Describe(string key, RecoverTask task)
    {
        var details = new JsonObject
        {
            ["task"] = key,
            ["kind"] = BackgroundTaskJson.NameOf(task.Kind),
            ["since"] = JsonValues.Timestamp(task.Since),
            ["until"] = JsonValues.Timestamp(task.Until),
            ["dryRun"] = task.DryRun,
        };
        if (task.Filter is { } filter)
        {
            details["filter"] = new JsonObject
            {
                ["eventTypes"] = filter.EventTypes is null ? null : new JsonArray([.. filter.EventTypes.Select(static t => (JsonNode)JsonValue.Create(t))]),
                ["channel"] = filter.Channel,
                ["tag"] = filter.Tag,
                ["status"] = filter.Status,
                ["statusCodeClass"] = filter.StatusCodeClass,
            };
        }

        return details.ToJsonString();
    }
}

/// <summary>What a recovery is asked to do.</summary>
internal sealed record RecoveryInput(DateTimeOffset Since, DateTimeOffset Until, RecoverFilter? Filter = null, bool DryRun = false);
