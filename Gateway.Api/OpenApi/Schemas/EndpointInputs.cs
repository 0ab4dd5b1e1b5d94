using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("An endpoint to create. An absent field means its default.")]
internal sealed record EndpointIn
{
    [Description("Where deliveries go: an absolute https URL, or http where the operator allows it. Kept with its host in lower case and at least a slash as its path.")]
    [Url]
    [MinLength(1)]
    public required string Url { get; init; }

    [Description("What people should know about it. No control characters.")]
    [DefaultValue("")]
    public string Description { get; init; } = "";

    [Description("The caller's own identifier, unique in the application. Must not begin with `ep_`.")]
    [NameRule]
    public string? Uid { get; init; }

    [Description("Deliveries per second at most, 1 to 65535; more of them wait. Null: no limit.")]
    [Range(1, 65535)]
    public int? ThrottleRate { get; init; }

    [Description("Former name of `throttleRate`, which wins when both are given.")]
    [Range(1, 65535)]
    [OldName]
    public int? RateLimit { get; init; }

    [Description("A number that the caller may count up; the server does nothing with it. Null means 1.")]
    [Range(1, int.MaxValue)]
    [OldName]
    [DefaultValue(1)]
    public int? Version { get; init; }

    [Description("Whether deliveries are halted. What arrives meanwhile waits.")]
    [DefaultValue(false)]
    public bool Disabled { get; init; }

    [Description("The event types that it receives, at least one: names, each known and not archived, and patterns such as `lead.*` (beyond the contract) for whatever goes on after `lead.`. Null: all.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    public List<string>? EventTypes { get; init; }

    [Description("Former name of `eventTypes`. Both in one body are refused.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    [OldName]
    public List<string>? FilterTypes { get; init; }

    [Description("Receives only messages that share one of these channels; 1 to 10. Null: messages of all channels and of none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(10)]
    public List<string>? Channels { get; init; }

    [Description("The signing key: `whsec_` and 24 to 75 bytes in base64, or `whsk_` and an Ed25519 key of 64 bytes. Generated when absent or null.")]
    public string? Secret { get; init; }

    [Description("Texts of the caller's own, by name; up to 4096 bytes as JSON. Null means none.")]
    public Dictionary<string, string>? Metadata { get; init; }

    [Description("Headers that every delivery carries; values up to 4096 bytes.")]
    public Dictionary<string, string>? Headers { get; init; }

    [Description("A field of this server. `strict`: one delivery at a time, in order of acceptance. `key`: in order within each ordering key. `none`: without order.")]
    [AllowedValues("strict", "key", "none")]
    [DefaultValue("strict")]
    [Ours]
    public string Ordering { get; init; } = "strict";

    [Description("A field of this server. Deliveries under way at once at most, 1 to 1024, where `ordering` allows more than one. Null: the server's default.")]
    [Range(1, 1024)]
    [Ours]
    public int? MaxInFlight { get; init; }

    [Description("A field of this server. Seconds to wait before each retry, each 0 to 604800, up to 64 steps; an empty list means no retries. Null: the server's schedule.")]
    [MaxLength(64)]
    [Ours]
    public List<int>? RetrySchedule { get; init; }

    [Description("A field of this server. What payloads must hold to be received: conditions on paths, all of which must be met, up to 8 KiB; `docs/filters.md` has the operators. Null: any payload.")]
    [Ours]
    public JsonObject? Filter { get; init; }
}

[Description("What replaces an endpoint. An absent field is reset to its default; the secret stays, and the headers stay unless given.")]
internal sealed record EndpointUpdate
{
    [Description("Where deliveries go: an absolute https URL, or http where the operator allows it. Kept with its host in lower case and at least a slash as its path.")]
    [Url]
    [MinLength(1)]
    public required string Url { get; init; }

    [Description("What people should know about it. No control characters.")]
    [DefaultValue("")]
    public string Description { get; init; } = "";

    [Description("The caller's own identifier, unique in the application. Must not begin with `ep_`.")]
    [NameRule]
    public string? Uid { get; init; }

    [Description("Deliveries per second at most, 1 to 65535; more of them wait. Null: no limit.")]
    [Range(1, 65535)]
    public int? ThrottleRate { get; init; }

    [Description("Former name of `throttleRate`, which wins when both are given.")]
    [Range(1, 65535)]
    [OldName]
    public int? RateLimit { get; init; }

    [Description("A number that the caller may count up; the server does nothing with it. Null means 1.")]
    [Range(1, int.MaxValue)]
    [OldName]
    [DefaultValue(1)]
    public int? Version { get; init; }

    [Description("Whether deliveries are halted. What arrives meanwhile waits.")]
    [DefaultValue(false)]
    public bool Disabled { get; init; }

    [Description("The event types that it receives, at least one: names, each known and not archived, and patterns such as `lead.*` (beyond the contract) for whatever goes on after `lead.`. Null: all.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    public List<string>? EventTypes { get; init; }

    [Description("Former name of `eventTypes`. Both in one body are refused.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    [OldName]
    public List<string>? FilterTypes { get; init; }

    [Description("Receives only messages that share one of these channels; 1 to 10. Null: messages of all channels and of none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(10)]
    public List<string>? Channels { get; init; }

    [Description("Texts of the caller's own, by name; up to 4096 bytes as JSON. Null means none.")]
    public Dictionary<string, string>? Metadata { get; init; }

    [Description("Headers that every delivery carries, replacing the ones it had; values up to 4096 bytes. Absent: unchanged.")]
    public Dictionary<string, string>? Headers { get; init; }

    [Description("A field of this server. `strict`: one delivery at a time, in order of acceptance. `key`: in order within each ordering key. `none`: without order.")]
    [AllowedValues("strict", "key", "none")]
    [DefaultValue("strict")]
    [Ours]
    public string Ordering { get; init; } = "strict";

    [Description("A field of this server. Deliveries under way at once at most, 1 to 1024, where `ordering` allows more than one. Null: the server's default.")]
    [Range(1, 1024)]
    [Ours]
    public int? MaxInFlight { get; init; }

    [Description("A field of this server. Seconds to wait before each retry, each 0 to 604800, up to 64 steps; an empty list means no retries. Null: the server's schedule.")]
    [MaxLength(64)]
    [Ours]
    public List<int>? RetrySchedule { get; init; }

    [Description("A field of this server. What payloads must hold to be received: conditions on paths, all of which must be met, up to 8 KiB; `docs/filters.md` has the operators. Null: any payload.")]
    [Ours]
    public JsonObject? Filter { get; init; }
}

[Description("Changes to an endpoint. An absent field stays as it is.")]
internal sealed record EndpointPatch
{
    [Description("Where deliveries go: an absolute https URL, or http where the operator allows it. Kept with its host in lower case and at least a slash as its path.")]
    [Url]
    [MinLength(1)]
    public string Url { get; init; } = "";

    [Description("What people should know about it. No control characters.")]
    public string Description { get; init; } = "";

    [Description("The caller's own identifier, unique in the application. Must not begin with `ep_`. Null removes it.")]
    [NameRule]
    public string? Uid { get; init; }

    [Description("Deliveries per second at most, 1 to 65535; more of them wait. Null removes the limit.")]
    [Range(1, 65535)]
    public int? ThrottleRate { get; init; }

    [Description("Former name of `throttleRate`, which wins when both are given.")]
    [Range(1, 65535)]
    [OldName]
    public int? RateLimit { get; init; }

    [Description("A number that the caller may count up; the server does nothing with it. Null means 1.")]
    [Range(1, int.MaxValue)]
    [OldName]
    public int? Version { get; init; }

    [Description("Whether deliveries are halted. What arrives meanwhile waits.")]
    public bool Disabled { get; init; }

    [Description("The event types that it receives, at least one: names, each known and not archived, and patterns such as `lead.*` (beyond the contract) for whatever goes on after `lead.`. Null: all.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    public List<string>? EventTypes { get; init; }

    [Description("Former name of `eventTypes`. Both in one body are refused.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    [OldName]
    public List<string>? FilterTypes { get; init; }

    [Description("Receives only messages that share one of these channels; 1 to 10. Null: messages of all channels and of none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(10)]
    public List<string>? Channels { get; init; }

    [Description("Replaces the whole map; up to 4096 bytes as JSON. Null empties it.")]
    public Dictionary<string, string>? Metadata { get; init; }

    [Description("Headers that every delivery carries, replacing the ones it had; values up to 4096 bytes. Absent: unchanged.")]
    public Dictionary<string, string>? Headers { get; init; }

    [Description("A field of this server. `strict`: one delivery at a time, in order of acceptance. `key`: in order within each ordering key. `none`: without order.")]
    [AllowedValues("strict", "key", "none")]
    [Ours]
    public string Ordering { get; init; } = "strict";

    [Description("A field of this server. Deliveries under way at once at most, 1 to 1024, where `ordering` allows more than one. Null: the server's default.")]
    [Range(1, 1024)]
    [Ours]
    public int? MaxInFlight { get; init; }

    [Description("A field of this server. Seconds to wait before each retry, each 0 to 604800, up to 64 steps; an empty list means no retries. Null: the server's schedule.")]
    [MaxLength(64)]
    [Ours]
    public List<int>? RetrySchedule { get; init; }

    [Description("A field of this server. What payloads must hold to be received: conditions on paths, all of which must be met, up to 8 KiB; `docs/filters.md` has the operators. Null: any payload.")]
    [Ours]
    public JsonObject? Filter { get; init; }
}
