using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("Where event types come from: the `webhooks` of an OpenAPI document. One of `spec` and `specRaw` is given.")]
internal sealed record EventTypeImportIn
{
    [Description("The document as JSON.")]
    public JsonObject? Spec { get; init; }

    [Description("The document as text.")]
    public string? SpecRaw { get; init; }

    [Description("Whether to tell only what would change.")]
    [DefaultValue(false)]
    public bool DryRun { get; init; }

    [Description("Whether event types that the document does not name are archived.")]
    [DefaultValue(false)]
    public bool ReplaceAll { get; init; }
}

[Description("What an import changed.")]
internal sealed record EventTypeImportOut
{
    [Description("The changes.")]
    public required EventTypeImportData Data { get; init; }
}

[Description("The changes of an import.")]
internal sealed record EventTypeImportData
{
    [Description("Names of the event types that were changed; with `dryRun`, none.")]
    public required List<string> Modified { get; init; }

    [Description("With `dryRun`, what would be written; else null.")]
    [JsonPropertyName("to_modify")]
    public required List<EventTypeFromSpec>? ToModify { get; init; }
}

[Description("An event type as a document describes it.")]
internal sealed record EventTypeFromSpec
{
    [Description("Its name.")]
    [NameRule]
    public required string Name { get; init; }

    [Description("What it tells.")]
    public required string Description { get; init; }

    [Description("A JSON Schema for each version; null when there is none.")]
    public required Dictionary<string, JsonObject>? Schemas { get; init; }

    [Description("Whether new uses are discouraged.")]
    public required bool Deprecated { get; init; }

    [Description("The group that it is shown under; null when there is none.")]
    public required string? GroupName { get; init; }

    [Description("The flags of which applications' tokens need one to see it; null when all see it.")]
    [NameRule]
    public required List<string>? FeatureFlags { get; init; }
}
