using System.Globalization;
using System.Text.Json;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Compares answers with an OpenAPI document's schemas, as far as these go here, and strictly: an unknown key is a fault.</summary>
internal sealed class JsonShape(JsonElement document)
{
    /// <summary>Where the answer differs from what the document says of the operation.</summary>
    public IEnumerable<string> Faults(string operationId, ApiAnswer answer)
    {
        var operation = document.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject())
            .Single(o => o.Value.GetProperty("operationId").GetString() == operationId).Value;
        if (!operation.GetProperty("responses").TryGetProperty(answer.Status.ToString(CultureInfo.InvariantCulture), out var response))
        {
            return [$"{operationId} answers {answer.Status}, which the document does not know"];
        }

        return Compare(Follow(response).GetProperty("content").GetProperty("application/json").GetProperty("schema"), answer.Json, operationId);
    }

    private IEnumerable<string> Compare(JsonElement schema, JsonElement value, string place)
    {
        schema = Follow(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Any(choice => !Compare(choice, value, place).Any()) ? [] : [$"{place}: none of its choices"];
        }

        if (schema.TryGetProperty("type", out var type) && !IsOf(type, value))
        {
            return [$"{place}: {value.ValueKind} instead of {type}"];
        }

        if (schema.TryGetProperty("enum", out var known) && !known.EnumerateArray().Any(k => JsonElement.DeepEquals(k, value)))
        {
            return [$"{place}: {value} is none of {known}"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => CompareObject(schema, value, place),
            JsonValueKind.Array => value.EnumerateArray().Index().SelectMany(item => Compare(schema.GetProperty("items"), item.Item, $"{place}[{item.Index}]")),
            _ => [],
        };
    }

    private IEnumerable<string> CompareObject(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var missing in required.EnumerateArray().Select(static r => r.GetString()!).Where(r => !value.TryGetProperty(r, out _)))
            {
                yield return $"{place}: {missing} is missing";
            }
        }

        var hasKeys = schema.TryGetProperty("properties", out var properties);
        var hasRest = schema.TryGetProperty("additionalProperties", out var rest);
        foreach (var property in value.EnumerateObject())
        {
            var where = $"{place}.{property.Name}";
            if (hasKeys && properties.TryGetProperty(property.Name, out var inner))
            {
                foreach (var fault in Compare(inner, property.Value, where))
                {
                    yield return fault;
                }
            }
            else if (hasRest)
            {
                foreach (var fault in Compare(rest, property.Value, where))
                {
                    yield return fault;
                }
            }
            else if (hasKeys)
            {
                yield return $"{where} is not in the document";
            }
        }
    }

    private static bool IsOf(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(t => IsOf(t, value))
        : type.GetString() switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "string" => value.ValueKind == JsonValueKind.String,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        };

    private JsonElement Follow(JsonElement part)
    {
        if (!part.TryGetProperty("$ref", out var reference))
        {
            return part;
        }

        return reference.GetString()!.Split('/').Skip(1).Aggregate(document, static (node, name) => node.GetProperty(name));
    }
}
