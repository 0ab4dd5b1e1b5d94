using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>A message that was given up at an endpoint.</summary>
/// <param name="Message">The message.</param>
/// <param name="Reason">
/// <c>exhausted</c>, <c>deadline</c>, <c>aborted</c>, <c>payload_gone</c>, <c>skipped</c>, <c>purged</c>, <c>from_now</c>,
/// <c>expired</c>, <c>overflow</c> or <c>cancelled</c>.
/// </param>
/// <param name="At">When it was given up.</param>
[GenerateSerializer, Immutable, Alias("webhooks.DeadLetterDetails")]
public sealed record DeadLetterDetails([property: Id(0)] MessageDetails Message, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset At);

/// <summary>How many messages were given up.</summary>
/// <param name="Count">Their number.</param>
[GenerateSerializer, Immutable, Alias("webhooks.DeadLetterCount")]
public sealed record DeadLetterCount([property: Id(0)] long Count);

/// <summary>How a message stands at an endpoint.</summary>
public enum DeliveryStanding
{
    /// <summary>Its filters did not let it through when it was published, or it was created later.</summary>
    NotMatched = 0,

    /// <summary>It waits for its turn.</summary>
    Waiting = 1,

    /// <summary>It was tried, and is to be tried again.</summary>
    Retrying = 2,

    /// <summary>It follows an earlier one that is to be tried again.</summary>
    Behind = 3,

    /// <summary>It was delivered.</summary>
    Delivered = 4,

    /// <summary>It was given up.</summary>
    DeadLetter = 5,
}

/// <summary>Why a message was, or was not, delivered to an endpoint.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.DeliveryExplanation")]
public sealed record DeliveryExplanation
{
    /// <summary>How it stands.</summary>
    [Id(0)] public required DeliveryStanding Standing { get; init; }

    /// <summary>Whether the endpoint's event types and channels, as they are now, let it through.</summary>
    [Id(1)] public required bool MatchesNow { get; init; }

    /// <summary>Messages that are tried before it; null when it does not wait.</summary>
    [Id(2)] public long? Ahead { get; init; }

    /// <summary>Whether the endpoint is disabled.</summary>
    [Id(3)] public bool Disabled { get; init; }

    /// <summary>Why it disabled itself: <c>gone</c>, <c>asked</c> or <c>failing</c>; null when it did not.</summary>
    [Id(4)] public string? DisabledReason { get; init; }

    /// <summary>Since when no attempt at the endpoint has succeeded; null when the last one did.</summary>
    [Id(5)] public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Whether the circuit is open: one probe per step.</summary>
    [Id(6)] public bool CircuitOpen { get; init; }

    /// <summary>When this message, or the endpoint's next probe, is due; null when nothing is planned.</summary>
    [Id(7)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts made of it here.</summary>
    [Id(8)] public int Attempts { get; init; }

    /// <summary>The last of them.</summary>
    [Id(9)] public AttemptDetails? LastAttempt { get; init; }

    /// <summary>Why it was given up; null when it was not.</summary>
    [Id(10)] public string? DeadReason { get; init; }

    /// <summary>
    /// What decides, with the filters as they are now: <c>event-type</c>, <c>channel</c> or <c>filter</c> when that one does
    /// not let it through; <c>later</c> when all do and the endpoint was no recipient; null when it was one.
    /// </summary>
    [Id(11)] public string? Rule { get; init; }

    /// <summary>Whether an operator has paused the endpoint.</summary>
    [Id(12)] public bool Paused { get; init; }

    /// <summary>What it keeps its order with: <c>endpoint</c>, <c>key</c> or <c>message</c>.</summary>
    [Id(13)] public string? Lane { get; init; }

    /// <summary>Whether <see cref="Ahead"/> was counted to its end; else it is at least that many.</summary>
    [Id(14)] public bool AheadIsExact { get; init; }
}
