using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Telemetry;

/// <summary>Outcomes as metrics and spans name them.</summary>
internal static class AttemptWords
{
    public static string Of(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Success => "success",
        AttemptOutcome.HttpError => "http_error",
        AttemptOutcome.TimedOut => "timed_out",
        AttemptOutcome.NameNotResolved => "name_not_resolved",
        AttemptOutcome.ConnectFailed => "connect_failed",
        AttemptOutcome.TlsFailed => "tls_failed",
        AttemptOutcome.Refused => "refused",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "broken",
    };
}
