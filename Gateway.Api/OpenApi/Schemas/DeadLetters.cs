using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Ours]
[Description("A message that was given up at an endpoint.")]
internal sealed record DeadLetterOut : MessageOut
{
    [Description("Why: `exhausted` (its schedule), `deadline` (its time was over), `aborted` (the receiver asked for it), `payload_gone`, `skipped` and `purged` (by an operator), `from_now` (the endpoint was resumed without its queue), `expired` (it waited too long), `overflow` (too many waited), `cancelled` (with its recovery).")]
    public required string Reason { get; init; }

    [Description("When it was given up.")]
    public required DateTimeOffset DeadAt { get; init; }
}

[Ours]
[Description("A number of dead letters.")]
internal sealed record DeadLetterCountOut
{
    [Description("How many there are.")]
    public required long Count { get; init; }
}

[Ours]
[Description("Why a message was, or was not, delivered to an endpoint.")]
internal sealed record DeliveryExplanationOut
{
    [Description("How it stands.")]
    [AllowedValues("not-matched", "waiting", "retrying", "behind", "delivered", "dead-letter")]
    public required string Standing { get; init; }

    [Description("The whole answer in words.")]
    public required string InWords { get; init; }

    [Description("Whether the endpoint's filters, as they are now, let the message through.")]
    public required bool MatchesNow { get; init; }

    [Description("The filter that does not, as it is now: `event-type`, `channel` or `filter`; `later` when all do and it was no recipient: its filters were changed, or it was created, later; else null.")]
    [AllowedValues("event-type", "channel", "filter", "later", null)]
    public required string? Rule { get; init; }

    [Description("The endpoint's order.")]
    [AllowedValues("strict", "key", "none")]
    public required string Ordering { get; init; }

    [Description("What it keeps its order with: all of the `endpoint`'s messages, those of its `key`, or none (`message`).")]
    [AllowedValues("endpoint", "key", "message", null)]
    public required string? Lane { get; init; }

    [Description("While it waits for its turn: how many messages of this endpoint are tried before it; else null.")]
    public required long? Ahead { get; init; }

    [Description("Whether `ahead` was counted to its end; else it is at least that many. Null without `ahead`.")]
    public required bool? AheadIsExact { get; init; }

    [Description("Whether an operator has paused the endpoint.")]
    public required bool Paused { get; init; }

    [Description("Whether the endpoint is disabled.")]
    public required bool Disabled { get; init; }

    [Description("Why it was disabled by itself: `gone` (410), `asked` (by the receiver), `failing` (for too long); else null.")]
    public required string? DisabledReason { get; init; }

    [Description("Whether the endpoint sees only one probe per step of its schedule.")]
    public required bool CircuitOpen { get; init; }

    [Description("Since when no attempt at the endpoint has succeeded; null when the last one did.")]
    public required DateTimeOffset? FailingSince { get; init; }

    [Description("When the message, or the endpoint's next probe, is due; null when nothing is planned.")]
    public required DateTimeOffset? NextAttempt { get; init; }

    [Description("Attempts of this message at this endpoint.")]
    public required int Attempts { get; init; }

    [Description("Status of the last one; 0 without an HTTP answer, null without an attempt.")]
    public required int? LastStatusCode { get; init; }

    [Description("What the receiver answered to it, or the fault in words; null without an attempt.")]
    public required string? LastResponse { get; init; }

    [Description("Why it was given up; null when it was not.")]
    public required string? DeadReason { get; init; }
}
