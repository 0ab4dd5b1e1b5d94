using System.Text.Json;
using System.Text.Json.Nodes;
using Webhooks.Gateway.Api.Portal.Models;

namespace Webhooks.Gateway.Api.Portal.EventTypes;

/// <summary>What an import does to an event type.</summary>
internal enum ImportEffect
{
    /// <summary>It is made.</summary>
    New,

    /// <summary>It is written over.</summary>
    Changed,

    /// <summary>It is as the document says.</summary>
    Same,

    /// <summary>The document does not have it.</summary>
    Archived,
}

/// <summary>One event type of a preview.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Effect">What the import does.</param>
/// <param name="Words">What of it changes.</param>
internal sealed record ImportLine(string Name, ImportEffect Effect, string Words);

/// <summary>What an import would change, before it does.</summary>
internal static class ImportPreview
{
    /// <param name="described">What the document describes, as the API answers a dry run.</param>
    /// <param name="existing">The catalogue as it is, what is archived included.</param>
    /// <param name="replaceAll">Whether what the document does not have is archived.</param>
    public static IReadOnlyList<ImportLine> Of(IReadOnlyList<CatalogEntry> described, IReadOnlyList<CatalogEntry> existing, bool replaceAll)
    {
        var before = existing.ToDictionary(static t => t.Name, StringComparer.Ordinal);
        var lines = described.Select(type => before.TryGetValue(type.Name, out var old) ? Compare(old, type) : new ImportLine(type.Name, ImportEffect.New, type.Description)).ToList();
        if (replaceAll)
        {
            var names = described.Select(static t => t.Name).ToHashSet(StringComparer.Ordinal);
            lines.AddRange(existing.Where(t => !t.Archived && !names.Contains(t.Name)).Select(static t => new ImportLine(t.Name, ImportEffect.Archived, "The document does not have it.")));
        }

        return lines;
    }

    private static ImportLine Compare(CatalogEntry old, CatalogEntry type)
    {
        List<string> changes = [];
        if (old.Description != type.Description)
        {
            changes.Add("description");
        }

        if (!JsonNode.DeepEquals(First(old.Schemas), First(type.Schemas)))
        {
            changes.Add("schema");
        }

        if (type.GroupName is not null && old.GroupName != type.GroupName)
        {
            changes.Add("group");
        }

        if (old.Deprecated != type.Deprecated)
        {
            changes.Add(type.Deprecated ? "becomes deprecated" : "is deprecated no more");
        }

        if (old.Archived)
        {
            changes.Add("comes back from the archive");
        }

        return changes.Count == 0
            ? new ImportLine(type.Name, ImportEffect.Same, "It is as the document says.")
            : new ImportLine(type.Name, ImportEffect.Changed, "Changes: " + string.Join(", ", changes) + ".");
    }

    private static JsonNode? First(JsonElement? schemas) =>
        schemas is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty("1", out var first) ? JsonNode.Parse(first.GetRawText()) : null;
}
