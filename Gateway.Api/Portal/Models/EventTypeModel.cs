using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An event type as the API shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it tells.</param>
/// <param name="GroupName">Under which it is listed.</param>
/// <param name="Deprecated">Whether it is on its way out.</param>
/// <param name="Schemas">JSON Schemas of its payloads by version.</param>
public sealed record EventTypeModel(string Name, string Description, string? GroupName, bool Deprecated, JsonElement? Schemas)
{
    /// <summary>The schema of version 1, or the only one there is.</summary>
    public JsonElement? Schema => Schemas is { ValueKind: JsonValueKind.Object } schemas
        ? schemas.TryGetProperty("1", out var first) ? first : schemas.EnumerateObject().Select(static s => (JsonElement?)s.Value).FirstOrDefault()
        : null;

    /// <summary>What a payload looks like.</summary>
    public JsonElement? Example => Schema is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("examples", out var examples)
        && examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0 ? examples[0] : null;

    /// <summary>Its group, or the part of its name before the first dot.</summary>
    public string Group => GroupName ?? Name.Split('.')[0];
}
