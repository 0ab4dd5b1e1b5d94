using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("An endpoint: a URL of an application's owner that receives messages.")]
internal sealed record EndpointOut
{
    [Description("Given by the server: `ep_` and 22 letters and digits. Ids in order of text are in order of creation.")]
    public required string Id { get; init; }

    [Description("Where deliveries go.")]
    [Url]
    public required string Url { get; init; }

    [Description("What people should know about it.")]
    public required string Description { get; init; }

    [Description("The caller's own identifier; null when there is none.")]
    [NameRule]
    public required string? Uid { get; init; }

    [Description("Whether deliveries are halted.")]
    public required bool Disabled { get; init; }

    [Description("A field of this server: whether it is paused, by which deliveries are halted too.")]
    [Ours]
    public required bool Paused { get; init; }

    [Description("The event types that it receives, names and patterns such as `lead.*`; null for all.")]
    [NameRule(MayBePattern = true)]
    public required List<string>? EventTypes { get; init; }

    [Description("Same as `eventTypes`, under its former name.")]
    [NameRule(MayBePattern = true)]
    [OldName]
    public required List<string>? FilterTypes { get; init; }

    [Description("The channels that it listens to; null for all messages.")]
    [NameRule]
    public required List<string>? Channels { get; init; }

    [Description("The rate per second that was set; null when none was.")]
    [Range(1, 65535)]
    public required int? ThrottleRate { get; init; }

    [Description("Same as `throttleRate`, under its former name.")]
    [Range(1, 65535)]
    [OldName]
    public required int? RateLimit { get; init; }

    [Description("A number that the caller may count up.")]
    [Range(1, int.MaxValue)]
    [OldName]
    public required int Version { get; init; }

    [Description("Texts of the caller's own, by name.")]
    public required Dictionary<string, string> Metadata { get; init; }

    [Description("A field of this server: `strict`, `key` or `none`.")]
    [AllowedValues("strict", "key", "none")]
    [Ours]
    public required string Ordering { get; init; }

    [Description("A field of this server: deliveries under way at once at most; null for the server's default.")]
    [Range(1, 1024)]
    [Ours]
    public required int? MaxInFlight { get; init; }

    [Description("A field of this server: seconds to wait before each retry; null for the server's schedule.")]
    [Ours]
    public required List<int>? RetrySchedule { get; init; }

    [Description("A field of this server: what payloads must hold to be received; null for any payload.")]
    [Ours]
    public required JsonObject? Filter { get; init; }

    [Description("When it was created.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it was last changed, its headers and secret included.")]
    public required DateTimeOffset UpdatedAt { get; init; }
}

[Description("An endpoint that a message was meant for, and how the message stands there.")]
internal sealed record MessageEndpointOut
{
    [Description("Given by the server: `ep_` and 22 letters and digits. Ids in order of text are in order of creation.")]
    public required string Id { get; init; }

    [Description("Where deliveries go.")]
    [Url]
    public required string Url { get; init; }

    [Description("What people should know about it.")]
    public required string Description { get; init; }

    [Description("The caller's own identifier; null when there is none.")]
    [NameRule]
    public required string? Uid { get; init; }

    [Description("Whether deliveries are halted.")]
    public required bool Disabled { get; init; }

    [Description("A field of this server: whether it is paused, by which deliveries are halted too.")]
    [Ours]
    public bool Paused { get; init; }

    [Description("The event types that it receives, names and patterns such as `lead.*`; null for all.")]
    [NameRule(MayBePattern = true)]
    public required List<string>? EventTypes { get; init; }

    [Description("Same as `eventTypes`, under its former name.")]
    [NameRule(MayBePattern = true)]
    [OldName]
    public required List<string>? FilterTypes { get; init; }

    [Description("The channels that it listens to; null for all messages.")]
    [NameRule]
    public required List<string>? Channels { get; init; }

    [Description("The rate per second that was set; null when none was.")]
    [Range(1, 65535)]
    public required int? ThrottleRate { get; init; }

    [Description("Same as `throttleRate`, under its former name.")]
    [Range(1, 65535)]
    [OldName]
    public required int? RateLimit { get; init; }

    [Description("A number that the caller may count up.")]
    [Range(1, int.MaxValue)]
    [OldName]
    public required int Version { get; init; }

    [Description("A field of this server: `strict`, `key` or `none`.")]
    [AllowedValues("strict", "key", "none")]
    [Ours]
    public string Ordering { get; init; } = "strict";

    [Description("A field of this server: deliveries under way at once at most; null for the server's default.")]
    [Range(1, 1024)]
    [Ours]
    public int? MaxInFlight { get; init; }

    [Description("A field of this server: seconds to wait before each retry; null for the server's schedule.")]
    [Ours]
    public List<int>? RetrySchedule { get; init; }

    [Description("A field of this server: what payloads must hold to be received; null for any payload.")]
    [Ours]
    public JsonObject? Filter { get; init; }

    [Description("When it was created.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it was last changed, its headers and secret included.")]
    public required DateTimeOffset UpdatedAt { get; init; }

    [Description("How it stands: 0 delivered, 1 waiting, 2 failed, 3 being tried.")]
    [AllowedValues(0, 1, 2, 3)]
    public required int Status { get; init; }

    [Description("`status` in a word.")]
    [AllowedValues("success", "pending", "fail", "sending")]
    public required string StatusText { get; init; }

    [Description("When it will be tried next; null when no further attempt is planned.")]
    public required DateTimeOffset? NextAttempt { get; init; }
}
