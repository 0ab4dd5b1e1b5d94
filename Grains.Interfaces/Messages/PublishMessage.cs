namespace Webhooks.Grains.Interfaces.Messages;

/// <summary>A message on its way into the log.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.PublishMessage")]
public sealed record PublishMessage
{
    /// <summary>
    /// What tells a repeat from a new message: the hash of the caller's idempotency key, or, without one, a number
    /// that the gateway makes before its first call and keeps in its retries.
    /// </summary>
    [Id(0)] public required Guid Token { get; init; }

    /// <summary>Whether the log may already hold this token: the caller gave a key, or this is a retry.</summary>
    [Id(1)] public required bool MayBeRepeat { get; init; }

    /// <summary>The event type; it need not exist.</summary>
    [Id(2)] public required string EventType { get; init; }

    /// <summary>The very bytes that receivers get.</summary>
    [Id(3)] public required byte[] Payload { get; init; }

    /// <summary>Content type of the payload; null for <c>application/json</c>.</summary>
    [Id(4)] public string? ContentType { get; init; }

    /// <summary>The publisher's own id, unique within the application.</summary>
    [Id(5)] public string? EventId { get; init; }

    /// <summary>Channels, 1 to 5; null for none.</summary>
    [Id(6)] public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Ordering key, at most 256 characters.</summary>
    [Id(7)] public string? OrderingKey { get; init; }

    /// <summary>Labels to find it by, 1 to 5; null for none.</summary>
    [Id(8)] public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>When it is to be sent; null for at once.</summary>
    [Id(9)] public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>How long its payload is kept, hours; null for the general retention.</summary>
    [Id(10)] public int? PayloadHours { get; init; }

    /// <summary>Text id of the only endpoint that may receive it, if its filters let it; null for all.</summary>
    [Id(11)] public string? OnlyEndpoint { get; init; }
}

/// <summary>A message as the API shows it.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.MessageDetails")]
public sealed record MessageDetails
{
    /// <summary>Text id, <c>msg_…</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The event type.</summary>
    [Id(1)] public required string EventType { get; init; }

    /// <summary>The publisher's own id.</summary>
    [Id(2)] public string? EventId { get; init; }

    /// <summary>Channels.</summary>
    [Id(3)] public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>The bytes that receivers get; null when they were removed, or not asked for.</summary>
    [Id(4)] public byte[]? Payload { get; init; }

    /// <summary>Whether the payload has been removed.</summary>
    [Id(5)] public bool Expired { get; init; }

    /// <summary>When it was accepted.</summary>
    [Id(6)] public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Ordering key.</summary>
    [Id(7)] public string? OrderingKey { get; init; }

    /// <summary>Labels to find it by.</summary>
    [Id(8)] public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>When it is, or was, to be sent; null for at once.</summary>
    [Id(9)] public DateTimeOffset? DeliverAt { get; init; }
}

/// <summary>What a list of messages is narrowed to.</summary>
/// <param name="Before">Accepted before this, exclusive.</param>
/// <param name="After">Accepted after this, inclusive.</param>
/// <param name="Channel">Messages with this channel.</param>
/// <param name="EventTypes">Messages of one of these types.</param>
/// <param name="WithContent">Whether payloads are wanted.</param>
/// <param name="Tag">Messages with this tag.</param>
[GenerateSerializer, Immutable, Alias("webhooks.MessageFilter")]
public sealed record MessageFilter(
    [property: Id(0)] DateTimeOffset? Before = null,
    [property: Id(1)] DateTimeOffset? After = null,
    [property: Id(2)] string? Channel = null,
    [property: Id(3)] IReadOnlyList<string>? EventTypes = null,
    [property: Id(4)] bool WithContent = true,
    [property: Id(5)] string? Tag = null);
