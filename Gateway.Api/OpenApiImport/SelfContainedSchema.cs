using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApiImport;

/// <summary>Takes a schema out of its document: what it refers to comes along under <c>definitions</c>.</summary>
internal static class SelfContainedSchema
{
    private const string Definitions = "#/definitions/";

    public static JsonNode Of(JsonNode document, JsonNode schema)
    {
        var definitions = new JsonObject();
        var copy = Rewrite(document, schema, definitions)!;
        if (definitions.Count > 0 && copy is JsonObject root)
        {
            root["definitions"] = definitions;
        }

        return copy;
    }

    private static JsonNode? Rewrite(JsonNode document, JsonNode? node, JsonObject definitions)
    {
        switch (node)
        {
            case JsonObject source:
                var target = new JsonObject();
                foreach (var (name, value) in source)
                {
                    target[name] = name == "$ref" && value is JsonValue text && text.TryGetValue<string>(out var reference) && reference.StartsWith("#/", StringComparison.Ordinal)
                        ? Definitions + Define(document, reference, definitions)
                        : Rewrite(document, value, definitions);
                }

                return target;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Rewrite(document, item, definitions))]);
            default:
                return node?.DeepClone();
        }
    }

    private static string Define(JsonNode document, string reference, JsonObject definitions)
    {
        var name = reference[(reference.LastIndexOf('/') + 1)..];
        if (!definitions.ContainsKey(name))
        {
            // Named before it is followed: schemas may refer to themselves.
            definitions[name] = null;
            definitions[name] = Rewrite(document, JsonPointer.Find(document, reference), definitions) ?? JsonValue.Create(true);
        }

        return name;
    }
}

/// <summary>Local references (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>What <c>#/a/b</c> points at; null when there is nothing.</summary>
    public static JsonNode? Find(JsonNode document, string reference)
    {
        JsonNode? node = document;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as JsonObject)?[Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        }

        return node;
    }
}
