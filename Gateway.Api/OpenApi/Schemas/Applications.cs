using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("An application to create, or what replaces one. An absent field means its default.")]
internal sealed record ApplicationIn
{
    [Description("What people call it. Not empty, no control characters.")]
    [MinLength(1)]
    public required string Name { get; init; }

    [Description("The caller's own identifier, unique in the organization; it stands for the id in every path. Must not begin with `app_`.")]
    [NameRule]
    public string? Uid { get; init; }

    [Description("Deliveries per second at most, of all its endpoints together, 1 to 65535; what comes faster waits. Null: no limit.")]
    [Range(1, 65535)]
    public int? ThrottleRate { get; init; }

    [Description("Former name of `throttleRate`, which wins when both are given.")]
    [Range(1, 65535)]
    [OldName]
    public int? RateLimit { get; init; }

    [Description("Texts of the caller's own, by name; up to 4096 bytes as JSON. Null means none.")]
    public Dictionary<string, string>? Metadata { get; init; }
}

[Description("Changes to an application. An absent field stays as it is.")]
internal sealed record ApplicationPatch
{
    [Description("What people call it. Not empty, no control characters.")]
    [MinLength(1)]
    public string Name { get; init; } = "";

    [Description("The caller's own identifier, unique in the organization. Must not begin with `app_`. Null removes it.")]
    [NameRule]
    public string? Uid { get; init; }

    [Description("Deliveries per second at most, of all its endpoints together, 1 to 65535; what comes faster waits. Null removes the limit.")]
    [Range(1, 65535)]
    public int? ThrottleRate { get; init; }

    [Description("Former name of `throttleRate`, which wins when both are given.")]
    [Range(1, 65535)]
    [OldName]
    public int? RateLimit { get; init; }

    [Description("Replaces the whole map; up to 4096 bytes as JSON. Null empties it.")]
    public Dictionary<string, string>? Metadata { get; init; }
}

[Description("An application: one of the organization's customers.")]
internal sealed record ApplicationOut
{
    [Description("Given by the server: `app_` and 22 letters and digits. Ids in order of text are in order of creation.")]
    public required string Id { get; init; }

    [Description("The caller's own identifier. Absent when there is none.")]
    [NameRule]
    public string Uid { get; init; } = "";

    [Description("What people call it.")]
    public required string Name { get; init; }

    [Description("Deliveries per second at most, of all its endpoints together; null when there is no limit.")]
    [Range(1, 65535)]
    public required int? ThrottleRate { get; init; }

    [Description("Same as `throttleRate`, under its former name. Absent when none was set.")]
    [Range(1, 65535)]
    [OldName]
    public int RateLimit { get; init; }

    [Description("Texts of the caller's own, by name.")]
    public required Dictionary<string, string> Metadata { get; init; }

    [Description("When it was created.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it was last changed.")]
    public required DateTimeOffset UpdatedAt { get; init; }
}
