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

    /// <summary>Ordinals of the matched endpoints, ascending.</summary>
    public required int[] Recipients { get; init; }

    public required byte[] Payload { get; init; }
}

/// <summary>
/// All or nothing for one application: its head moves from <see cref="ExpectedTail"/> by the number of messages, on the
/// condition that the tail and the routing version are the expected ones, the application is not deleted, and none of
/// the messages' event ids and checked tokens is in the log. Then messages get the seqs ExpectedTail+1, +2, …
/// </summary>
internal sealed record AppendRequest(
    Guid Application,
    long ExpectedTail,
    long RoutingVersion,
    string Owner,
    IReadOnlyList<NewMessage> Messages);

/// <summary>The fence of an application's log.</summary>
/// <param name="Owner">The silo whose sequencer took the head last; null when released.</param>
internal sealed record HeadRow(Guid Application, long Tail, long RoutingVersion, bool Deleted, string? Owner);

/// <summary>A message of the log in full, as the API shows it. Payload null: removed or not asked for.</summary>
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
    bool PayloadGone);

/// <summary>Messages of one endpoint in a stretch of the log, and how far the stretch was read.</summary>
/// <param name="ScannedUpTo">The log holds no message of the endpoint in the stretch up to here but those given.</param>
internal sealed record LogPage(IReadOnlyList<LogMessage> Messages, long ScannedUpTo);

/// <summary>Who receives the message at <paramref name="Seq"/>.</summary>
internal readonly record struct RecipientsAt(long Seq, int[] Recipients);
