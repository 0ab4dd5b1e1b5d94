using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Webhooks.Gateway.Api.Http;

/// <summary>
/// Whether a value is a JSON Schema of draft 7: its keywords have the types that the draft gives them. Libraries that
/// parse schemas take a keyword of any type (a <c>readOnly</c> of 15, say), which the contract refuses.
/// </summary>
internal static class JsonSchemaRules
{
    private static readonly string[] TypeNames = ["array", "boolean", "integer", "null", "number", "object", "string"];

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly FrozenDictionary<string, Func<JsonElement, bool>> Keywords = new Dictionary<string, Func<JsonElement, bool>>
    {
        ["$id"] = IsText,
        ["$schema"] = IsText,
        ["$ref"] = IsText,
        ["$comment"] = IsText,
        ["title"] = IsText,
        ["description"] = IsText,
        ["readOnly"] = IsFlag,
        ["writeOnly"] = IsFlag,
        ["examples"] = static e => e.ValueKind == JsonValueKind.Array,
        ["multipleOf"] = static e => e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out var n) && n > 0,
        ["maximum"] = IsNumber,
        ["exclusiveMaximum"] = IsNumber,
        ["minimum"] = IsNumber,
        ["exclusiveMinimum"] = IsNumber,
        ["maxLength"] = IsCount,
        ["minLength"] = IsCount,
        ["pattern"] = IsPattern,
        ["additionalItems"] = IsSchema,
        ["items"] = static e => e.ValueKind == JsonValueKind.Array ? IsSchemaList(e) : IsSchema(e),
        ["maxItems"] = IsCount,
        ["minItems"] = IsCount,
        ["uniqueItems"] = IsFlag,
        ["contains"] = IsSchema,
        ["maxProperties"] = IsCount,
        ["minProperties"] = IsCount,
        ["required"] = IsTextSet,
        ["additionalProperties"] = IsSchema,
        ["definitions"] = IsSchemaMap,
        ["properties"] = IsSchemaMap,
        ["patternProperties"] = IsSchemaMap,
        ["dependencies"] = static e => e.ValueKind == JsonValueKind.Object
            && e.EnumerateObject().All(static p => p.Value.ValueKind == JsonValueKind.Array ? IsTextSet(p.Value) : IsSchema(p.Value)),
        ["propertyNames"] = IsSchema,
        ["enum"] = static e => e.ValueKind == JsonValueKind.Array,
        ["type"] = static e => e.ValueKind == JsonValueKind.Array ? e.GetArrayLength() > 0 && e.EnumerateArray().All(IsTypeName) : IsTypeName(e),
        ["format"] = IsText,
        ["contentMediaType"] = IsText,
        ["contentEncoding"] = IsText,
        ["if"] = IsSchema,
        ["then"] = IsSchema,
        ["else"] = IsSchema,
        ["allOf"] = IsSchemaList,
        ["anyOf"] = IsSchemaList,
        ["oneOf"] = IsSchemaList,
        ["not"] = IsSchema,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is wrong with a schema; null when nothing is.</summary>
    public static string? Fault(JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return null;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return "A JSON Schema is an object or a boolean.";
        }

        foreach (var property in schema.EnumerateObject())
        {
            if (Keywords.TryGetValue(property.Name, out var isRight) && !isRight(property.Value))
            {
                return $"The keyword '{property.Name}' has a value that JSON Schema draft 7 does not allow.";
            }
        }

        return null;
    }

    private static bool IsSchema(JsonElement element) => Fault(element) is null;

    private static bool IsSchemaList(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element.EnumerateArray().All(IsSchema);

    private static bool IsSchemaMap(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(static p => IsSchema(p.Value));

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private static bool IsFlag(JsonElement element) => element.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsNumber(JsonElement element) => element.ValueKind == JsonValueKind.Number;

    private static bool IsCount(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && number >= 0 && double.IsInteger(number);

    private static bool IsTextSet(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
        && element.EnumerateArray().All(IsText)
        && element.EnumerateArray().Select(static e => e.GetRawText()).Distinct(StringComparer.Ordinal).Count() == element.GetArrayLength();

    private static bool IsTypeName(JsonElement element) => IsText(element) && TypeNames.Any(n => element.ValueEquals(n));

    private static bool IsPattern(JsonElement element)
    {
        if (!IsText(element))
        {
            return false;
        }

        try
        {
            _ = new Regex(element.GetString()!, RegexOptions.ECMAScript, PatternTimeout);
            return true;
        }
        catch (ArgumentException)
        {
            // Newer constructs (\p, look-behind) are unknown to the stricter dialect only.
            return IsGeneralPattern(element);
        }
    }

    private static bool IsGeneralPattern(JsonElement element)
    {
        try
        {
            _ = new Regex(element.GetString()!, RegexOptions.None, PatternTimeout);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
