namespace Webhooks.Grains.Interfaces.EventTypes;

/// <summary>An event type of an organization.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.EventTypeDetails")]
public sealed record EventTypeDetails
{
    /// <summary>Its name, unique within the organization.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Text for people.</summary>
    [Id(1)] public required string Description { get; init; }

    /// <summary>Whether it is hidden and closed to new filters.</summary>
    [Id(2)] public bool Archived { get; init; }

    /// <summary>A mark for people.</summary>
    [Id(3)] public bool Deprecated { get; init; }

    /// <summary>JSON text of a map from version to JSON Schema; null for none.</summary>
    [Id(4)] public string? Schemas { get; init; }

    /// <summary>The group it is shown under.</summary>
    [Id(5)] public string? GroupName { get; init; }

    /// <summary>When it was created.</summary>
    [Id(6)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    [Id(7)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Flags of which an application token must carry one to see it; null for everybody.</summary>
    [Id(8)] public IReadOnlyList<string>? FeatureFlags { get; init; }

    /// <summary>The call that created it, by which its repeat is recognized.</summary>
    [Id(9)] public Guid? CreatedBy { get; init; }
}

/// <summary>A change of an event type, and with every field set also its creation.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.EventTypeChange")]
public sealed record EventTypeChange
{
    /// <summary>Text for people.</summary>
    [Id(0)] public Change<string> Description { get; init; }

    /// <summary>Whether it is hidden and closed to new filters.</summary>
    [Id(1)] public Change<bool> Archived { get; init; }

    /// <summary>A mark for people.</summary>
    [Id(2)] public Change<bool> Deprecated { get; init; }

    /// <summary>JSON text of a map from version to JSON Schema.</summary>
    [Id(3)] public Change<string?> Schemas { get; init; }

    /// <summary>The group it is shown under.</summary>
    [Id(4)] public Change<string?> GroupName { get; init; }

    /// <summary>Flags of which an application token must carry one to see it.</summary>
    [Id(5)] public Change<IReadOnlyList<string>?> FeatureFlags { get; init; }
}
