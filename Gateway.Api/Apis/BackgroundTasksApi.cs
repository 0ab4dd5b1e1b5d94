using System.Text.Json.Nodes;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Tasks in the background: how they are getting on, and ending them.</summary>
internal static class BackgroundTasksApi
{
    private static readonly Dictionary<string, RecoverKind> Kinds = Enum.GetValues<RecoverKind>().ToDictionary(BackgroundTaskJson.NameOf, StringComparer.Ordinal);

    private static readonly string[] Statuses = [BackgroundTaskJson.Running, BackgroundTaskJson.Finished, BackgroundTaskJson.Failed];

    /// <summary>Tasks of the hosted service that clients may ask for and that nobody starts here.</summary>
    private static readonly string[] Elsewhere =
        ["application.stats", "message.broadcast", "sdk.generate", "event-type.aggregate", "application.purge_content"];

    public static void MapBackgroundTasks(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/background-task").WithTags("Background Task");
        group.MapGet("", ListAsync).ForOrganizations();
        group.MapGet("/{task}", GetAsync);
        group.MapPost("/{task}/cancel", CancelAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, GrainCalls calls)
    {
        var page = QueryInput.Page(http.Request, EntityId.BackgroundTask, descending: true, mayOrder: true);
        var status = QueryInput.OneOf(http.Request, "status", Statuses);
        var task = QueryInput.OneOf(http.Request, "task", [.. Kinds.Keys, .. Elsewhere]);
        return Answers.List(await ReadAsync(calls, http.Caller().Organization, status, task, page), static t => t.Id!, BackgroundTaskJson.Write);
    }

    private static async Task<Page<RecoverProgress>> ReadAsync(GrainCalls calls, string organization, string? status, string? task, PageRequest page)
    {
        if (task is not null && !Kinds.ContainsKey(task))
        {
            return new Page<RecoverProgress>([], false);
        }

        RecoverKind? kind = task is null ? null : Kinds[task];
        Task<Page<RecoverProgress>> Of(RecoverStatus? one) => calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).ListTasks(organization, one, kind, page));
        return status switch
        {
            null => await Of(null),
            BackgroundTaskJson.Running => await Of(RecoverStatus.Running),
            BackgroundTaskJson.Finished => await Of(RecoverStatus.Finished),
            // Two of ours go by one name of the contract's.
            _ => MergedPages.Of(await Of(RecoverStatus.Failed), await Of(RecoverStatus.Cancelled), page, static t => t.Id!),
        };
    }

    private static async Task<IResult> GetAsync(HttpContext http, string task, GrainCalls calls)
    {
        var progress = await FindAsync(http, task, calls);
        return new JsonBody(200, json => BackgroundTaskJson.Write(json, progress));
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string task, BodyReader bodies, GrainCalls calls, TimeProvider time)
    {
        var before = await FindAsync(http, task, calls);
        using var body = await bodies.ReadOptionalAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var note = input.Note();
        input.Check();
        var act = http.Act(time, note);
        await calls.PersistAsync((g, _) => g.GetGrain<IRecoverTaskGrain>(task).Cancel());
        var after = await FindAsync(http, task, calls);
        if (after.Status == RecoverStatus.Cancelled)
        {
            // Also when it had been cancelled before: this may be the repeat of a call whose entry could not be written.
            var details = new JsonObject { ["task"] = task, ["kind"] = BackgroundTaskJson.NameOf(after.Task.Kind), ["again"] = before.Status == RecoverStatus.Cancelled };
            await calls.AppendAsync(after.Task.Organization, after.Task.ApplicationId, after.Task.EndpointId, AuditActions.RecoveryCancelled, details.ToJsonString(), act);
        }

        return new JsonBody(200, json => BackgroundTaskJson.Write(json, after));
    }

    /// <summary>Its id is looked at as a whole: tasks of others are unknown.</summary>
    private static async Task<RecoverProgress> FindAsync(HttpContext http, string task, GrainCalls calls) =>
        EntityId.TryParse(EntityId.BackgroundTask, task, out _)
        && await calls.ReadAsync(g => g.GetGrain<IRecoverTaskGrain>(task).Look()) is { } progress
        && progress.Task.Organization == http.Caller().Organization
        && (http.Caller().Application is not { } application || application == progress.Task.ApplicationId)
            ? progress with { Id = task }
            : throw ApiException.NotFound();
}
