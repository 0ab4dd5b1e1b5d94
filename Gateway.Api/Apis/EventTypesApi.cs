using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Idempotency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.EventTypes;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Event types: create, read, list, update, archive.</summary>
internal static class EventTypesApi
{
    private const int MaxFlags = 50;

    public static void MapEventTypes(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/event-type").WithTags("Event Type");
        group.MapGet("", ListAsync);
        group.MapPost("", CreateAsync).ForOrganizations();
        group.MapPost("/import/openapi", EventTypeImport.ImportAsync).ForOrganizations();
        group.MapGet("/{name}", GetAsync);
        group.MapPut("/{name}", PutAsync).ForOrganizations();
        group.MapPatch("/{name}", PatchAsync).ForOrganizations();
        group.MapDelete("/{name}", DeleteAsync).ForOrganizations();
    }

    private static async Task<IResult> ListAsync(HttpContext http, GrainCalls calls)
    {
        // The contract's list takes an order and ignores it.
        var page = QueryInput.Page(http.Request, null, descending: false, mayOrder: false);
        var archived = QueryInput.Flag(http.Request, "include_archived", false);
        var withContent = QueryInput.Flag(http.Request, "with_content", false);
        var caller = http.Caller();
        var types = await VisibleAsync(calls, caller, page, archived);
        return Answers.List(types, static t => t.Name, (json, type) => Write(json, type, withContent));
    }

    /// <summary>A full page of what the caller may see, for which pages of the catalog are read on as needed.</summary>
    private static async Task<Page<EventTypeDetails>> VisibleAsync(GrainCalls calls, Caller caller, PageRequest page, bool archived)
    {
        var items = new List<EventTypeDetails>();
        var next = page;
        while (true)
        {
            var read = await calls.ReadAsync(g => g.GetGrain<IEventTypeCatalog>(0).List(caller.Organization, next, archived));
            var visible = read.Items.Where(type => IsVisible(type, caller));
            items = page.Backwards ? [.. visible, .. items] : [.. items, .. visible];
            if (items.Count > page.Limit)
            {
                return new Page<EventTypeDetails>(page.Backwards ? items[^page.Limit..] : items[..page.Limit], true);
            }

            if (!read.HasMore || read.Items.Count == 0 || items.Count == page.Limit)
            {
                return new Page<EventTypeDetails>(items, read.HasMore);
            }

            next = page with { Iterator = (page.Backwards ? read.Items[0] : read.Items[^1]).Name };
        }
    }

    private static async Task<IResult> CreateAsync(HttpContext http, GrainCalls calls, BodyReader bodies, TimeProvider time)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var name = input.Required("name", input.Text).Value!;
        input.Name(name, "name");

        var values = Read(input);
        var call = http.CallId(time);
        var created = await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Create(http.Caller().Organization, name, values, call));
        return One(201, created.OrThrow());
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, GrainCalls calls)
    {
        var caller = http.Caller();
        var type = await calls.ReadAsync(g => g.GetGrain<IEventTypeCatalog>(0).Find(caller.Organization, name));
        return type is not null && IsVisible(type, caller) ? One(200, type) : throw ApiException.NotFound();
    }

    private static async Task<IResult> PutAsync(HttpContext http, string name, GrainCalls calls, BodyReader bodies, TimeProvider time)
    {
        var call = http.CallId(time);
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        input.Name(name, "name");

        var values = Read(input);
        var organization = http.Caller().Organization;
        var updated = await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Update(organization, name, values));
        return updated.Refusal?.Kind == RefusalKind.NotFound
            ? One(201, (await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Create(organization, name, values, call))).OrThrow())
            : One(200, updated.OrThrow());
    }

    private static async Task<IResult> PatchAsync(HttpContext http, string name, GrainCalls calls, BodyReader bodies)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var values = Read(new Input(body.RootElement, patch: true));
        return One(200, (await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Update(http.Caller().Organization, name, values))).OrThrow());
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, GrainCalls calls)
    {
        var expunge = QueryInput.Flag(http.Request, "expunge", false);
        (await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Delete(http.Caller().Organization, name, expunge))).OrThrow();
        return Reply.NoContent;
    }

    private static EventTypeChange Read(Input input)
    {
        var change = new EventTypeChange
        {
            Description = input.Required("description", input.Text),
            Archived = input.Defaulted("archived", false, input.Flag),
            Deprecated = input.Defaulted("deprecated", false, input.Flag),
            Schemas = input.Optional("schemas", (v, n) => (string?)Schemas(input, v, n)),
            FeatureFlags = Flags(input),
            GroupName = input.Optional("groupName", (v, n) => (string?)input.Text(v, n)),
        };
        input.Label(change.Description.Value, "description");
        input.Names(change.FeatureFlags.Value, "feature_flags", MaxFlags);

        input.Check();
        return change;
    }

    /// <summary>One flag under its old name, several under the new one, which counts where both are given.</summary>
    private static Change<IReadOnlyList<string>?> Flags(Input input)
    {
        var one = input.Optional("featureFlag", (v, n) => (string?)input.Text(v, n));
        var several = input.Optional("featureFlags", (v, n) => (IReadOnlyList<string>?)input.Texts(v, n));
        var flags = several.Value ?? (one.Value is { } flag ? [flag] : null);
        return new Change<IReadOnlyList<string>?>(one.IsSet || several.IsSet, flags is { Count: 0 } ? null : flags);
    }

    private static string Schemas(Input input, JsonElement schemas, string name)
    {
        if (schemas.ValueKind != JsonValueKind.Object)
        {
            throw input.Undecodable(name, "An object is expected.");
        }

        foreach (var fault in schemas.EnumerateObject().Select(static version => JsonSchemaRules.Fault(version.Value)).OfType<string>())
        {
            input.Refuse(fault, "schemas");
        }

        return schemas.GetRawText();
    }

    /// <summary>Whether the caller may know of the type.</summary>
    public static bool IsVisible(EventTypeDetails type, Caller caller) =>
        caller.Application is null || type.FeatureFlags is null || type.FeatureFlags.Any(caller.FeatureFlags.Contains);

    private static JsonBody One(int status, EventTypeDetails type) => new(status, json => Write(json, type, withContent: true));

    private static void Write(Utf8JsonWriter json, EventTypeDetails type, bool withContent)
    {
        json.WriteStartObject();
        json.WriteString("name", type.Name);
        json.WriteString("description", type.Description);
        json.WriteBoolean("archived", type.Archived);
        json.WriteBoolean("deprecated", type.Deprecated);
        json.WritePropertyName("schemas");
        if (withContent && type.Schemas is not null)
        {
            json.WriteRawValue(type.Schemas);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("featureFlag", type.FeatureFlags?[0]);
        json.WriteListOrNull("featureFlags", type.FeatureFlags);
        json.WriteString("groupName", type.GroupName);
        json.WriteTime("createdAt", type.CreatedAt);
        json.WriteTime("updatedAt", type.UpdatedAt);
        json.WriteEndObject();
    }
}
