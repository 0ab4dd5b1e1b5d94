using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An event type with all that its editor shows, as the API answers it; of a dry import without its times.</summary>
public sealed record CatalogEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it means.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it is hidden, and endpoints cannot ask for it by name any more.</summary>
    public bool Archived { get; init; }

    /// <summary>Whether it should not be used any more.</summary>
    public bool Deprecated { get; init; }

    /// <summary>JSON Schemas by version.</summary>
    public JsonElement? Schemas { get; init; }

    /// <summary>Flags, of which a token needs one to see it; null for everybody.</summary>
    public IReadOnlyList<string>? FeatureFlags { get; init; }

    /// <summary>What it belongs to.</summary>
    public string? GroupName { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
