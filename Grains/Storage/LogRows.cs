using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage;

/// <summary>A message about to be appended; its seq follows from its place in its <see cref="AppendRequest"/>.</summary>
internal sealed record NewMessage
{
    /// <summary>Its id, UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What tells a repeat from a new message; indexed with the application, not unique.</summary>
    public required Guid Token { get; init; }

    /// <summary>Whether the log must be searched for <see cref="Token"/> before the append.</summary>
    public required bool CheckToken { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }
    public required string EventType { get; init; }

    /// <summary>Always searched for when not null.</summary>
    public string? EventId { get; init; }

    public IReadOnlyList<string>? Channels { get; init; }
    public string? OrderingKey { get; init; }
    public string? ContentType { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>When it is, or was, to be sent; null for at once.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>When a scheduled message was accepted; the log has it from its due time on.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When its payload is to be removed; null for the general retention.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it moves here out of the schedule: it must still be there, and leaves it in the same commit.</summary>
    public bool FromSchedule { get; init; }

    /// <summary>Ordinals of the matched endpoints, ascending.</summary>
    public required int[] Recipients { get; init; }

    /// <summary>Null when it was expunged while it waited for its time.</summary>
    public required byte[]? Payload { get; init; }

    /// <summary>The publish's span; for the commit's, not stored.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>
/// All or nothing for one application: its head moves from <see cref="ExpectedTail"/> by the number of messages, on the
/// condition that the tail and the routing version are the expected ones, the application is not deleted, and none of
/// the messages' event ids and checked tokens is in the log or in the schedule. Then messages get the seqs
/// ExpectedTail+1, +2, …
/// </summary>
/// <param name="ChecksSchedule">Whether the application may have scheduled messages, among which repeats must be looked for.</param>
internal sealed record AppendRequest(
    Guid Application,
    long ExpectedTail,
    long RoutingVersion,
    string Owner,
    IReadOnlyList<NewMessage> Messages,
    bool ChecksSchedule = false);

/// <summary>The fence of an application's log.</summary>
/// <param name="Owner">The silo whose sequencer took the head last; null when released.</param>
internal sealed record HeadRow(Guid Application, long Tail, long RoutingVersion, bool Deleted, string? Owner);

/// <summary>A message of the log or the schedule in full, as the API shows it.</summary>
/// <param name="Seq">Its place in the log; 0 while it waits in the schedule.</param>
/// <param name="Payload">Null when it was removed or not asked for.</param>
/// <param name="PayloadGone">Whether it was removed.</param>
internal sealed record StoredMessage(
    long Seq,
    Guid Id,
    Guid Token,
    DateTimeOffset AcceptedAt,
    string EventType,
    string? EventId,
    IReadOnlyList<string>? Channels,
    string? OrderingKey,
    string? ContentType,
    byte[]? Payload,
    bool PayloadGone,
    IReadOnlyList<string>? Tags = null,
    DateTimeOffset? DeliverAt = null,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>Messages of one endpoint in a stretch of the log, and how far the stretch was read.</summary>
/// <param name="ScannedUpTo">The log holds no message of the endpoint in the stretch up to here but those given.</param>
internal sealed record LogPage(IReadOnlyList<LogMessage> Messages, long ScannedUpTo);

/// <summary>Who receives the message at <paramref name="Seq"/>.</summary>
internal readonly record struct RecipientsAt(long Seq, int[] Recipients);
