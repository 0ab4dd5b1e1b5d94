using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("An event type to create. An absent field means its default.")]
internal sealed record EventTypeIn
{
    [Description("Its name, unique in the organization.")]
    [NameRule]
    public required string Name { get; init; }

    [Description("What it tells. May be empty; no control characters.")]
    public required string Description { get; init; }

    [Description("Whether it is put away: hidden from lists and not to be named by new filters.")]
    [DefaultValue(false)]
    public bool Archived { get; init; }

    [Description("Whether new uses are discouraged. Nothing depends on it.")]
    [DefaultValue(false)]
    public bool Deprecated { get; init; }

    [Description("A JSON Schema (draft 7) of the payload for each version of the type. Null: none.")]
    public Dictionary<string, JsonObject>? Schemas { get; init; }

    [Description("Applications' tokens see the type only with this flag. Null: all see it.")]
    [NameRule]
    public string? FeatureFlag { get; init; }

    [Description("Applications' tokens see the type only with one of these flags. Null: all see it.")]
    [NameRule]
    public List<string>? FeatureFlags { get; init; }

    [Description("The group that it is shown under.")]
    public string? GroupName { get; init; }
}

[Description("What replaces an event type. An absent field is reset to its default.")]
internal sealed record EventTypeUpdate
{
    [Description("What it tells. May be empty; no control characters.")]
    public required string Description { get; init; }

    [Description("Whether it is put away: hidden from lists and not to be named by new filters.")]
    [DefaultValue(false)]
    public bool Archived { get; init; }

    [Description("Whether new uses are discouraged. Nothing depends on it.")]
    [DefaultValue(false)]
    public bool Deprecated { get; init; }

    [Description("A JSON Schema (draft 7) of the payload for each version of the type. Null: none.")]
    public Dictionary<string, JsonObject>? Schemas { get; init; }

    [Description("Applications' tokens see the type only with this flag. Null: all see it.")]
    [NameRule]
    public string? FeatureFlag { get; init; }

    [Description("Applications' tokens see the type only with one of these flags. Null: all see it.")]
    [NameRule]
    public List<string>? FeatureFlags { get; init; }

    [Description("The group that it is shown under.")]
    public string? GroupName { get; init; }
}

[Description("Changes to an event type. An absent field stays as it is.")]
internal sealed record EventTypePatch
{
    [Description("What it tells. May be empty; no control characters.")]
    public string Description { get; init; } = "";

    [Description("Whether it is put away: hidden from lists and not to be named by new filters.")]
    public bool Archived { get; init; }

    [Description("Whether new uses are discouraged. Nothing depends on it.")]
    public bool Deprecated { get; init; }

    [Description("A JSON Schema (draft 7) of the payload for each version of the type. Null removes them.")]
    public Dictionary<string, JsonObject>? Schemas { get; init; }

    [Description("Applications' tokens see the type only with this flag. Null removes it.")]
    [NameRule]
    public string? FeatureFlag { get; init; }

    [Description("Applications' tokens see the type only with one of these flags. Null removes them.")]
    [NameRule]
    public List<string>? FeatureFlags { get; init; }

    [Description("The group that it is shown under. Null removes it.")]
    public string? GroupName { get; init; }
}

[Description("An event type: a kind of message that endpoints can ask for.")]
internal sealed record EventTypeOut
{
    [Description("Its name.")]
    [NameRule]
    public required string Name { get; init; }

    [Description("What it tells.")]
    public required string Description { get; init; }

    [Description("Whether it is put away.")]
    public required bool Archived { get; init; }

    [Description("Whether new uses are discouraged.")]
    public required bool Deprecated { get; init; }

    [Description("A JSON Schema for each version; null when there is none, and in lists unless `with_content=true`.")]
    public required Dictionary<string, JsonObject>? Schemas { get; init; }

    [Description("The flag that applications' tokens need to see it; null when all see it.")]
    [NameRule]
    public required string? FeatureFlag { get; init; }

    [Description("The flags of which applications' tokens need one to see it. Absent or null when all see it.")]
    [NameRule]
    public List<string>? FeatureFlags { get; init; }

    [Description("The group that it is shown under. Absent or null when there is none.")]
    public string? GroupName { get; init; }

    [Description("When it was created.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it was last changed.")]
    public required DateTimeOffset UpdatedAt { get; init; }
}
