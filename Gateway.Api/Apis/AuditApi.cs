using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>The audit log: read, and written for what does not pass through the application's grain.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/app/{app}/audit", ListAsync).ForOrganizations().WithTags("Application");
        api.MapGet("/app/{app}/endpoint/{endpoint}/audit", ListOfEndpointAsync).WithTags("Endpoint");
    }

    /// <summary>After the act and before its answer; the same act twice is one entry.</summary>
    /// <exception cref="ApiException">503: the store does not answer. The call may be repeated.</exception>
    public static Task AppendAsync(this GrainCalls calls, string organization, string application, string endpoint, string action, string details, OperatorAct act) =>
        calls.PersistAsync(async (g, _) =>
        {
            await g.GetGrain<IAuditTrail>(0).Append(organization, application, endpoint, action, details, act);
            return true;
        });

    private static async Task<IResult> ListAsync(HttpContext http, string app, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.AuditEntry, descending: true, mayOrder: false);
        var id = await applications.ResolveAsync(http.Caller(), app);
        return Answers.List(await calls.ReadAsync(g => g.GetGrain<IAuditTrail>(0).List(id, null, page)), static e => e.Id, Write);
    }

    private static async Task<IResult> ListOfEndpointAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications)
    {
        var page = QueryInput.Page(http.Request, EntityId.AuditEntry, descending: true, mayOrder: false);
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        return Answers.List(await calls.ReadAsync(g => g.GetGrain<IAuditTrail>(0).List(found.ApplicationId, found.Id, page)), static e => e.Id, Write);
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("endpointId", entry.EndpointId);
        json.WriteTime("timestamp", entry.At);
        json.WriteString("actor", entry.Actor);
        json.WriteString("actorName", entry.ActorName);
        json.WriteString("action", entry.Action);
        json.WriteString("note", entry.Note);
        json.WritePropertyName("details");
        json.WriteRawValue(entry.Details);
        json.WriteEndObject();
    }
}
