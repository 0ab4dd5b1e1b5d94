using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Webhooks.Gateway.Api.OpenApiImport;

/// <summary>An OpenAPI document as text: JSON, or YAML.</summary>
internal static class SpecText
{
    private const int MaxDepth = 200;

    /// <exception cref="FormatException">It is neither, or not an object.</exception>
    public static JsonNode Parse(string text)
    {
        try
        {
            return text.TrimStart().StartsWith('{')
                ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth })!
                : ParseYaml(text);
        }
        catch (Exception error) when (error is JsonException or YamlException)
        {
            throw new FormatException("The document is not well-formed: " + error.Message, error);
        }
    }

    private static JsonNode ParseYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? Convert(root, 0)!
            : throw new FormatException("The document is not an object.");
    }

    private static JsonNode? Convert(YamlNode node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException("The document is nested too deeply.");
        }

        return node switch
        {
            YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value ?? "", Convert(c.Value, depth + 1)))),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(c => Convert(c, depth + 1))]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new FormatException("The document holds an alias that cannot be read."),
        };
    }

    // Quoted scalars are texts; plain ones follow YAML's core schema.
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" or "True" => JsonValue.Create(true),
            "false" or "False" => JsonValue.Create(false),
            _ when long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
