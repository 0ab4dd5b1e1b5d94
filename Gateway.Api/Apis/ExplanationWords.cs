using System.Globalization;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>How a message stands at an endpoint, in sentences for people.</summary>
internal static class ExplanationWords
{
    private const string Expunged = "EXPUNGED";

    public static string Of(DeliveryExplanation e, EndpointDetails endpoint) => e.Standing switch
    {
        DeliveryStanding.NotMatched => "The endpoint was no recipient when the message was published. " + NotMatched(e.Rule),
        DeliveryStanding.Delivered => "It was delivered.",
        DeliveryStanding.DeadLetter => "It was given up: " + Dead(e) + " Resend to try once more.",
        DeliveryStanding.Retrying => $"It has been tried {e.Attempts} times, last {Last(e)}." + Next(e) + Endpoint(e),
        DeliveryStanding.Behind => "An earlier message that it must not overtake is to be tried again first." + Ahead(e, endpoint) + Next(e) + Endpoint(e),
        _ => (e.Ahead is > 0 ? "It waits for its turn." + Ahead(e, endpoint) : e.Ahead is 0 ? "It is next." : "It waits for its time.")
            + (e.Attempts > 0 ? $" The last attempt ended {Last(e)}." : "") + Next(e) + Endpoint(e),
    };

    private static string NotMatched(string? rule) => rule switch
    {
        "event-type" => "Its event types do not let it through now either.",
        "channel" => "Its channels do not let it through now either.",
        "filter" => "Its payload filter does not let it through now either.",
        _ => "It would be one now: its filters were changed, or it was created, later. Resend to deliver it.",
    };

    private static string Dead(DeliveryExplanation e) => e.DeadReason switch
    {
        "exhausted" => $"all {e.Attempts} attempts of the schedule failed, the last {Last(e)}.",
        "deadline" => $"its time was over when an attempt failed, {Last(e)}.",
        "aborted" => "the receiver asked that it be not tried again.",
        "payload_gone" => "its payload had been removed.",
        "skipped" => "an operator skipped it.",
        "purged" => "an operator emptied the endpoint's queue.",
        "from_now" => "the endpoint was resumed from that moment on, without what had been waiting.",
        "expired" => "it waited longer than messages may, or than it was to be kept.",
        "overflow" => "more messages waited for the endpoint than may.",
        "cancelled" => "the recovery that was to send it again was cancelled.",
        _ => e.DeadReason + ".",
    };

    private static string Ahead(DeliveryExplanation e, EndpointDetails endpoint)
    {
        if (e.Ahead is not { } ahead)
        {
            return "";
        }

        var count = (e.AheadIsExact ? "" : "At least ") + ahead.ToString("N0", CultureInfo.InvariantCulture);
        return endpoint.Ordering == OrderingMode.Strict
            ? $" {count} of the endpoint's messages {(ahead == 1 ? "is" : "are")} tried before it."
            : $" {count} of the endpoint's messages {(ahead == 1 ? "is" : "are")} ahead of it.";
    }

    private static string Next(DeliveryExplanation e) => e.NextAttemptAt is { } at
        ? $" The next attempt is planned for {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC."
        : "";

    private static string Endpoint(DeliveryExplanation e) =>
        e.Disabled ? " The endpoint is disabled" + (e.DisabledReason switch
        {
            "gone" => " because the receiver answered 410",
            "asked" => " because the receiver asked for it",
            "failing" => " because it had been failing for too long",
            _ => "",
        }) + "; what waits is sent once it is enabled."
        : e.Paused ? " An operator has paused the endpoint; what waits is sent once it is resumed."
        : e.CircuitOpen ? " The endpoint is failing; one probe goes out per step of its schedule." : "";

    /// <summary>Follows a verb: a status, or what went wrong before there was one.</summary>
    private static string Last(DeliveryExplanation e) => e.LastAttempt switch
    {
        null => "without a record",
        { ResponseStatusCode: > 0 and var code } => "with status " + code.ToString(CultureInfo.InvariantCulture),
        { Response: "" or Expunged } => "without an answer",
        { Response: var fault } => "without an answer: " + fault,
    };
}
