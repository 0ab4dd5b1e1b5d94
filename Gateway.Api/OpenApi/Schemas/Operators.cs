using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Ours]
[Description("What the audit log says beside the act.")]
internal sealed record OperatorNoteIn
{
    [Description("Words of the caller's own.")]
    [MaxLength(256)]
    public string? Note { get; init; }
}

[Ours]
[Description("How to resume an endpoint.")]
internal sealed record EndpointResumeIn
{
    [Description("`queue`: what waits is delivered. `now`: what waits is given up first, and becomes dead letters.")]
    [AllowedValues("queue", "now")]
    [DefaultValue("queue")]
    public string From { get; init; } = "queue";

    [Description("Words of the caller's own, for the audit log.")]
    [MaxLength(256)]
    public string? Note { get; init; }
}

[Ours]
[Description("What to skip.")]
internal sealed record EndpointSkipIn
{
    [Description("The id or eventId of a message that waits. Null means the one at the head of the queue.")]
    [MaxLength(256)]
    public string? Message { get; init; }

    [Description("Words of the caller's own, for the audit log.")]
    [MaxLength(256)]
    public string? Note { get; init; }
}

[Ours]
[Description("What was skipped.")]
internal sealed record EndpointSkipOut
{
    [Description("The message's id.")]
    public required string MessageId { get; init; }

    [Description("`skipped`: it is a dead letter now. `in-flight`: an attempt is under way, and it becomes one if that fails.")]
    [AllowedValues("skipped", "in-flight")]
    public required string State { get; init; }
}

[Ours]
[Description("What was purged.")]
internal sealed record EndpointPurgeOut
{
    [Description("Everything that waited up to this place in the application's log was given up.")]
    public required long UpTo { get; init; }

    [Description("Whether attempts are under way, whose messages are given up if they fail.")]
    public required bool InFlight { get; init; }
}

[Ours]
[Description("What somebody did to an endpoint by hand.")]
internal sealed record AuditEntryOut
{
    [Description("Its id: `audit_` and 22 letters and digits.")]
    public required string Id { get; init; }

    [Description("The endpoint.")]
    public required string EndpointId { get; init; }

    [Description("When it was done.")]
    public required DateTimeOffset Timestamp { get; init; }

    [Description("Whose token it was: `organization org_…` or `application app_…`.")]
    public required string Actor { get; init; }

    [Description("The name that the caller gave in the header `x-actor`, which nobody checks; null for none.")]
    public required string? ActorName { get; init; }

    [Description("What was done.")]
    [AllowedValues(
        "endpoint.paused", "endpoint.resumed", "endpoint.head-skipped", "endpoint.purged", "endpoint.disabled", "endpoint.enabled", "endpoint.secret-rotated",
        "recovery.started", "recovery.cancelled", "message.resent", "dead-letters.resent")]
    public required string Action { get; init; }

    [Description("The caller's own words; null for none.")]
    public required string? Note { get; init; }

    [Description("Which message, what range. Never a secret or a payload.")]
    public required JsonObject Details { get; init; }
}
