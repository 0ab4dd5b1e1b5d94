using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApiImport;

/// <summary>A webhook that an OpenAPI document describes.</summary>
/// <param name="Name">Its name, which becomes the event type's.</param>
/// <param name="Description">Its description, else its summary.</param>
/// <param name="Deprecated">Whether it is marked as such.</param>
/// <param name="GroupName">Its first tag.</param>
/// <param name="Schema">The schema of its body, complete in itself; null when there is none.</param>
internal sealed record DescribedWebhook(string Name, string Description, bool Deprecated, string? GroupName, JsonNode? Schema);

/// <summary>Finds the webhooks of a document: <c>webhooks</c> of OpenAPI 3.1, <c>x-webhooks</c> of 3.0.</summary>
internal static class DescribedWebhooks
{
    private static readonly string[] Sections = ["webhooks", "x-webhooks"];
    private static readonly string[] Methods = ["post", "put", "patch", "get", "delete"];

    public static IReadOnlyList<DescribedWebhook> Read(JsonNode document)
    {
        var webhooks = new List<DescribedWebhook>();
        foreach (var section in Sections)
        {
            foreach (var (name, item) in document[section] as JsonObject ?? [])
            {
                if (Resolve(document, item) is JsonObject path && Methods.Select(m => path[m] as JsonObject).FirstOrDefault(static o => o is not null) is { } operation)
                {
                    webhooks.Add(ReadOne(document, name, operation));
                }
            }
        }

        return webhooks;
    }

    private static DescribedWebhook ReadOne(JsonNode document, string name, JsonObject operation)
    {
        var content = Resolve(document, operation["requestBody"])?["content"] as JsonObject;
        var schema = (content?["application/json"] ?? content?.FirstOrDefault().Value)?["schema"];
        return new DescribedWebhook(
            name,
            Text(operation["description"]) ?? Text(operation["summary"]) ?? "",
            operation["deprecated"] is JsonValue deprecated && deprecated.TryGetValue<bool>(out var flag) && flag,
            operation["tags"] is JsonArray { Count: > 0 } tags ? Text(tags[0]) : null,
            schema is null ? null : SelfContainedSchema.Of(document, schema));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Resolve(JsonNode document, JsonNode? node) =>
        Text(node?["$ref"]) is { } reference ? JsonPointer.Find(document, reference) : node;
}
