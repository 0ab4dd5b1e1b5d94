using Webhooks.Grains.Signing;

namespace Webhooks.Grains.Sending;

/// <summary>One attempt to be made.</summary>
internal sealed record DeliveryRequest
{
    /// <summary>Text id of the message, <c>msg_…</c>: the same on every attempt.</summary>
    public required string MessageId { get; init; }

    public required Uri Url { get; init; }

    /// <summary>Sent byte for byte.</summary>
    public required byte[] Body { get; init; }

    public required string ContentType { get; init; }

    /// <summary>All keys valid now, the current one first.</summary>
    public required IReadOnlyList<SigningKey> Keys { get; init; }

    /// <summary>The endpoint's own headers; they override ours but for the signature's.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When the attempt starts; signed, in seconds.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>One deadline from the look-up of the name to the last byte of the answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Sent as the header <c>traceparent</c>, unless the endpoint has one of its own; not signed. Null for none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What a receiver asks for in the header <c>webhook-delivery</c> of its answer.</summary>
internal enum ReceiverWish
{
    None,

    /// <summary><c>disable</c>: no more deliveries until the endpoint is enabled again.</summary>
    Disable,

    /// <summary><c>abort-message</c>: this message is not to be tried again.</summary>
    AbortMessage,
}

/// <summary>How an attempt ended. Closed: decided in one place of the sender.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Success,

    /// <summary>An HTTP answer other than 2xx.</summary>
    HttpError,

    /// <summary>The deadline passed.</summary>
    TimedOut,

    /// <summary>The name did not resolve.</summary>
    NameNotResolved,

    /// <summary>No connection could be made.</summary>
    ConnectFailed,

    /// <summary>TLS refused the receiver.</summary>
    TlsFailed,

    /// <summary>The egress policy refused the address or the scheme.</summary>
    Refused,

    /// <summary>The connection broke, or the answer was not HTTP.</summary>
    Broken,

    /// <summary>This side stopped it; it does not count as an attempt.</summary>
    Cancelled,
}

/// <summary>What came of an attempt.</summary>
/// <param name="StatusCode">0 without an HTTP answer.</param>
/// <param name="Response">The first bytes of the answer (20,000 at most), or the error in words as UTF-8.</param>
internal sealed record AttemptResult(AttemptOutcome Outcome, int StatusCode, TimeSpan Duration, byte[] Response, string? RetryAfter = null, ReceiverWish Wish = ReceiverWish.None);

/// <summary>Makes HTTP attempts. Never throws for anything a receiver does.</summary>
internal interface IWebhookSender
{
    Task<AttemptResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken);
}
