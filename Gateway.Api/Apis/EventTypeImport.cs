using System.Text.Json;
using System.Text.Json.Nodes;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.OpenApiImport;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.EventTypes;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Takes event types over from the webhooks that an OpenAPI document describes.</summary>
internal static class EventTypeImport
{
    private const int PageSize = 250;

    public static async Task<IResult> ImportAsync(HttpContext http, GrainCalls calls, BodyReader bodies, TimeProvider time)
    {
        using var body = await bodies.ReadAsync(http.Request);
        var input = new Input(body.RootElement, patch: false);
        var dryRun = input.Defaulted("dryRun", false, input.Flag).Value;
        var replaceAll = input.Defaulted("replaceAll", false, input.Flag).Value;
        var document = ReadDocument(input);
        var webhooks = DescribedWebhooks.Read(document);
        foreach (var webhook in webhooks)
        {
            input.Name(webhook.Name, "spec");
            if (JsonSerializer.SerializeToElement(webhook.Schema) is var schema && JsonSchemaRules.Fault(schema) is { } fault)
            {
                input.Refuse($"The schema of {webhook.Name}: {fault}", "spec");
            }
        }

        input.Check();
        var organization = http.Caller().Organization;
        if (!dryRun)
        {
            var call = TimeOrderedId.Create(time.GetUtcNow());
            foreach (var webhook in webhooks)
            {
                await WriteAsync(calls, organization, webhook, call);
            }

            if (replaceAll)
            {
                await ArchiveOthersAsync(calls, organization, webhooks.Select(static w => w.Name).ToHashSet(StringComparer.Ordinal));
            }
        }

        return new JsonBody(200, json => Write(json, webhooks, dryRun));
    }

    private static JsonNode ReadDocument(Input input)
    {
        var spec = input.Optional("spec", (v, n) => v.ValueKind == JsonValueKind.Object ? JsonNode.Parse(v.GetRawText()) : throw input.Undecodable(n, "An object is expected.")).Value;
        var raw = input.Optional("specRaw", (v, n) => (string?)input.Text(v, n)).Value;
        if ((spec is null) == (raw is null))
        {
            throw new InputException(new InputFault(["body", "spec"], "Give the document as spec or as specRaw.", InputFault.Rule));
        }

        try
        {
            return spec ?? SpecText.Parse(raw!);
        }
        catch (FormatException error)
        {
            throw new InputException(new InputFault(["body", "specRaw"], error.Message, InputFault.Rule));
        }
    }

    private static async Task WriteAsync(GrainCalls calls, string organization, DescribedWebhook webhook, Guid call)
    {
        var change = new EventTypeChange
        {
            Description = Change<string>.To(webhook.Description),
            Deprecated = Change<bool>.To(webhook.Deprecated),
            Archived = Change<bool>.To(false),
            Schemas = Change<string?>.To(new JsonObject { ["1"] = webhook.Schema?.DeepClone() }.ToJsonString()),
            GroupName = webhook.GroupName is null ? default : Change<string?>.To(webhook.GroupName),
        };
        var updated = await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Update(organization, webhook.Name, change));
        if (updated.Refusal?.Kind == RefusalKind.NotFound)
        {
            updated = await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Create(organization, webhook.Name, change, call));
        }

        updated.OrThrow();
    }

    private static async Task ArchiveOthersAsync(GrainCalls calls, string organization, HashSet<string> kept)
    {
        var page = new PageRequest(PageSize);
        while (true)
        {
            var types = await calls.ReadAsync(g => g.GetGrain<IEventTypeCatalog>(0).List(organization, page, false));
            foreach (var type in types.Items.Where(type => !kept.Contains(type.Name)))
            {
                await calls.PersistAsync((g, _) => g.GetGrain<IEventTypeCatalog>(0).Delete(organization, type.Name, false));
            }

            if (!types.HasMore)
            {
                return;
            }

            page = page with { Iterator = types.Items[^1].Name };
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<DescribedWebhook> webhooks, bool dryRun)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteListOrNull("modified", dryRun ? [] : [.. webhooks.Select(static w => w.Name)]);
        if (dryRun)
        {
            json.WriteStartArray("to_modify");
            foreach (var webhook in webhooks)
            {
                json.WriteStartObject();
                json.WriteString("name", webhook.Name);
                json.WriteString("description", webhook.Description);
                json.WriteBoolean("deprecated", webhook.Deprecated);
                json.WritePropertyName("schemas");
                json.WriteStartObject();
                json.WritePropertyName("1");
                json.WriteRawValue(webhook.Schema?.ToJsonString() ?? "true");
                json.WriteEndObject();
                json.WriteString("groupName", webhook.GroupName);
                json.WriteNull("featureFlags");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("to_modify");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
