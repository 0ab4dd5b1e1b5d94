using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Ours]
[Description("A message that was given up at an endpoint.")]
internal sealed record DeadLetterOut : MessageOut
{
    [Description("Why: `exhausted` (its schedule), `deadline` (its time was over), `aborted` (the receiver asked for it), `payload_gone`, `skipped`, `purged` or `from_now` (by an operator).")]
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

    [Description("The endpoint's order.")]
    [AllowedValues("strict", "key", "none")]
    public required string Ordering { get; init; }

    [Description("While it waits for its turn: at most so many messages are ahead of it; else null.")]
    public required long? Ahead { get; init; }

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
