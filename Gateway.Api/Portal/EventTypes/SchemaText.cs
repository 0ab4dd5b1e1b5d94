using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.Portal.EventTypes;

/// <summary>The schemas of an event type, taken apart for an editor and put together again: the first version, and its example.</summary>
internal static class SchemaText
{
    private const string Version = "1";
    private const string Examples = "examples";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Schema and example as laid out text; empty where there is none.</summary>
    public static (string Schema, string Example) Split(JsonElement? schemas)
    {
        if (schemas is not { ValueKind: JsonValueKind.Object } all || !all.TryGetProperty(Version, out var first))
        {
            return ("", "");
        }

        var schema = JsonNode.Parse(first.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = 1000 });
        if (schema is not JsonObject rules || rules[Examples] is not JsonArray { Count: > 0 } examples)
        {
            return (Show(schema), "");
        }

        var example = examples[0];
        examples.RemoveAt(0);
        if (examples.Count == 0)
        {
            rules.Remove(Examples);
        }

        return (Show(schema), Show(example));
    }

    /// <summary>The schemas with these texts as their first version; others stay. Null when nothing is left. Both texts have been checked.</summary>
    public static JsonObject? Join(JsonElement? schemas, string schema, string example)
    {
        var all = schemas is { ValueKind: JsonValueKind.Object } before ? JsonNode.Parse(before.GetRawText())!.AsObject() : [];
        all.Remove(Version);
        if (!string.IsNullOrWhiteSpace(schema))
        {
            var first = JsonNode.Parse(schema);
            if (!string.IsNullOrWhiteSpace(example) && first is JsonObject rules)
            {
                var examples = rules[Examples] as JsonArray ?? [];
                examples.Insert(0, JsonNode.Parse(example));
                rules[Examples] = examples.DeepClone();
            }

            all[Version] = first;
        }

        return all.Count == 0 ? null : all;
    }

    private static string Show(JsonNode? node) => node?.ToJsonString(Layout) ?? "null";
}
