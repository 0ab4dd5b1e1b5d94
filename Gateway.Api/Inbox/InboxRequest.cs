namespace Webhooks.Gateway.Api.Inbox;

/// <summary>What came of checking a signature.</summary>
internal enum SignatureVerdict
{
    /// <summary>The request carries no signature.</summary>
    Unsigned,

    /// <summary>No endpoint is known that sends here, or its keys could not be read.</summary>
    NotChecked,

    /// <summary>One of the endpoint's keys made it, just now.</summary>
    Verified,

    /// <summary>One of the endpoint's keys made it, for a time too far away: a receiver should refuse it.</summary>
    OutOfTime,

    /// <summary>None of the keys made it.</summary>
    Wrong,
}

/// <summary>The check of a request's signature.</summary>
/// <param name="Verdict">What came of it.</param>
/// <param name="Words">The same for people.</param>
/// <param name="EndpointId">The endpoint whose key made it.</param>
internal sealed record SignatureCheck(SignatureVerdict Verdict, string Words, string? EndpointId = null);

/// <summary>How an inbox answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Delay">How long it waits before.</param>
/// <param name="Times">For so many more requests; null until told otherwise.</param>
public sealed record InboxAnswer(int Status, TimeSpan Delay, int? Times)
{
    internal const int LongestDelaySeconds = 30;
    internal const int MostTimes = 1_000_000;

    /// <summary>What receivers that are well do.</summary>
    public static InboxAnswer Well { get; } = new(204, TimeSpan.Zero, null);

    /// <summary>Whether it is a success, and at once.</summary>
    public bool IsWell => Status is >= 200 and < 300 && Delay == TimeSpan.Zero;
}

/// <summary>A request as it arrived.</summary>
internal sealed record InboxRequest
{
    /// <summary>1 for the first that this inbox got.</summary>
    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Method { get; init; }

    /// <summary>With its question mark, or empty.</summary>
    public required string Query { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Empty when it was too large.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The event type, where the body names it as <c>type</c>; null else.</summary>
    public string? EventType { get; init; }

    /// <summary>Whether it had more bytes than an inbox keeps.</summary>
    public bool TooLarge { get; init; }

    public required SignatureCheck Signature { get; init; }

    /// <summary>How it is answered.</summary>
    public required InboxAnswer Answer { get; init; }

    /// <summary>What keeping it costs.</summary>
    public long Size => Body.Length + Query.Length + Headers.Sum(static h => (long)h.Key.Length + h.Value.Length);

    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
