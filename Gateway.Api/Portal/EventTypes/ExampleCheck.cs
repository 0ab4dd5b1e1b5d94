using System.Text.Json;
using Json.Schema;
using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Portal.EventTypes;

/// <summary>What the editor of event types finds in a schema and its example.</summary>
/// <param name="SchemaFault">What is wrong with the schema; null for nothing.</param>
/// <param name="ExampleFaults">What is wrong with the example.</param>
internal sealed record CheckedExample(string? SchemaFault, IReadOnlyList<string> ExampleFaults)
{
    public bool Ok => SchemaFault is null && ExampleFaults.Count == 0;
}

/// <summary>Whether an example is what its schema says, in words.</summary>
internal static class ExampleCheck
{
    private const int MostFaults = 10;
    private const int LongestText = 256 * 1024;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 200 };
    private static readonly EvaluationOptions Evaluating = new() { OutputFormat = OutputFormat.List, EvaluateAs = SpecVersion.Draft7 };

    /// <param name="schema">JSON text; empty for none.</param>
    /// <param name="example">JSON text; empty for none.</param>
    public static CheckedExample Of(string schema, string example)
    {
        var (schemaJson, fault) = Read(schema, "The schema");
        fault ??= schemaJson is { } json ? JsonSchemaRules.Fault(json) : null;
        if (fault is not null)
        {
            return new CheckedExample(fault, []);
        }

        var (exampleJson, exampleFault) = Read(example, "The example");
        if (exampleFault is not null)
        {
            return new CheckedExample(null, [exampleFault]);
        }

        if (exampleJson is not null && schemaJson is null)
        {
            return new CheckedExample("An example is kept in its schema: write one, {} for any content.", []);
        }

        return exampleJson is { } instance && schemaJson is { } rules ? Evaluate(rules, instance) : new CheckedExample(null, []);
    }

    private static CheckedExample Evaluate(JsonElement schema, JsonElement example)
    {
        try
        {
            var results = JsonSchema.FromText(schema.GetRawText()).Evaluate(example, Evaluating);
            return new CheckedExample(null, results.IsValid ? [] : Describe(results));
        }
        catch (Exception error) when (error is JsonException or JsonSchemaException or RefResolutionException or InvalidOperationException or ArgumentException or FormatException)
        {
            return new CheckedExample("The schema cannot be used: " + error.Message, []);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return new CheckedExample("A pattern of the schema takes too long to be matched.", []);
        }
    }

    private static IReadOnlyList<string> Describe(EvaluationResults results)
    {
        var faults = results.Details
            .Where(static detail => detail is { IsValid: false, Errors: not null })
            .SelectMany(static detail => detail.Errors!.Select(error => $"{Place(detail.InstanceLocation.ToString())}: {error.Value}"))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return faults.Length switch
        {
            0 => ["The example is not what the schema says."],
            > MostFaults => [.. faults.Take(MostFaults), $"… and {faults.Length - MostFaults} more."],
            _ => faults,
        };
    }

    private static string Place(string pointer) => pointer.Length == 0 ? "The whole" : pointer[1..].Replace("/", " → ", StringComparison.Ordinal);

    private static (JsonElement? Json, string? Fault) Read(string text, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, null);
        }

        if (text.Length > LongestText)
        {
            return (null, $"{what} is longer than {LongestText / 1024} KB.");
        }

        try
        {
            using var document = JsonDocument.Parse(text, Reading);
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException error)
        {
            return (null, $"{what} is not JSON: line {error.LineNumber + 1}, character {error.BytePositionInLine + 1}.");
        }
    }
}
