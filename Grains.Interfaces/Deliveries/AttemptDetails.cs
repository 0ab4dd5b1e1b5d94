namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>The contract's status of an attempt.</summary>
public enum AttemptStatus
{
    /// <summary>The receiver answered 2xx.</summary>
    Success = 0,

    /// <summary>Anything else.</summary>
    Fail = 2,
}

/// <summary>What made an attempt happen.</summary>
public enum AttemptTrigger
{
    /// <summary>The message's publication, or its schedule.</summary>
    Scheduled = 0,

    /// <summary>Somebody asked.</summary>
    Manual = 1,
}

/// <summary>One HTTP try of one message at one endpoint.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptDetails")]
public sealed record AttemptDetails
{
    /// <summary>Text id, <c>atmpt_…</c>; its order is the order of start.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Text id of the message.</summary>
    [Id(1)] public required string MessageId { get; init; }

    /// <summary>Text id of the endpoint.</summary>
    [Id(2)] public required string EndpointId { get; init; }

    /// <summary>The URL as it was used.</summary>
    [Id(3)] public required string Url { get; init; }

    /// <summary>Success or failure.</summary>
    [Id(4)] public required AttemptStatus Status { get; init; }

    /// <summary>The receiver's status code; 0 when there was no HTTP answer.</summary>
    [Id(5)] public required int ResponseStatusCode { get; init; }

    /// <summary>Start to last byte, milliseconds.</summary>
    [Id(6)] public required long ResponseDurationMs { get; init; }

    /// <summary>The first 20,000 bytes of the answer: as text, or base 64 when they are not UTF-8; or the error in words.</summary>
    [Id(7)] public required string Response { get; init; }

    /// <summary>What made it happen.</summary>
    [Id(8)] public required AttemptTrigger Trigger { get; init; }

    /// <summary>When it started.</summary>
    [Id(9)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the next one was planned, if one was.</summary>
    [Id(10)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Without the URL and the answer: for logs.</summary>
    public override string ToString() => nameof(AttemptDetails) + " " + Id;
}

/// <summary>What a list of attempts is narrowed to.</summary>
/// <param name="Before">Started before this, exclusive.</param>
/// <param name="After">Started after this, inclusive.</param>
/// <param name="Status">Attempts of this status.</param>
/// <param name="StatusCodeClass">Attempts with a code in this hundred: 0, 100, … 500.</param>
/// <param name="Channel">Attempts of messages with this channel.</param>
/// <param name="EventTypes">Attempts of messages of these types.</param>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="WithContent">Whether the answers' bodies are wanted.</param>
/// <param name="Tag">Attempts of messages with this tag.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptFilter")]
public sealed record AttemptFilter(
    [property: Id(0)] DateTimeOffset? Before = null,
    [property: Id(1)] DateTimeOffset? After = null,
    [property: Id(2)] int? Status = null,
    [property: Id(3)] int? StatusCodeClass = null,
    [property: Id(4)] string? Channel = null,
    [property: Id(5)] IReadOnlyList<string>? EventTypes = null,
    [property: Id(6)] string? EndpointId = null,
    [property: Id(7)] bool WithContent = true,
    [property: Id(8)] string? Tag = null);

/// <summary>What came of a message at an endpoint, over all its attempts.</summary>
public enum AttemptedStatus
{
    /// <summary>An attempt succeeded.</summary>
    Success = 0,

    /// <summary>The last attempt failed and no further one is planned.</summary>
    Fail = 2,

    /// <summary>The last attempt failed and a further one is planned.</summary>
    Sending = 3,
}

/// <summary>A message with what came of it at one endpoint.</summary>
/// <param name="Message">The message.</param>
/// <param name="Status">What came of it.</param>
/// <param name="NextAttemptAt">When the next attempt is planned, while one is.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptedMessageDetails")]
public sealed record AttemptedMessageDetails(
    [property: Id(0)] Messages.MessageDetails Message,
    [property: Id(1)] AttemptedStatus Status,
    [property: Id(2)] DateTimeOffset? NextAttemptAt);

/// <summary>An endpoint with what came of one message there.</summary>
/// <param name="Endpoint">The endpoint, also when it has been deleted since.</param>
/// <param name="Status">Of the last attempt.</param>
/// <param name="NextAttemptAt">When the next attempt is planned, while one is.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptedEndpointDetails")]
public sealed record AttemptedEndpointDetails(
    [property: Id(0)] Endpoints.EndpointDetails Endpoint,
    [property: Id(1)] AttemptStatus Status,
    [property: Id(2)] DateTimeOffset? NextAttemptAt);

/// <summary>Attempts at an endpoint within a time, by outcome.</summary>
/// <param name="Succeeded">Answered 2xx.</param>
/// <param name="Failed">Anything else.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptStatistics")]
public sealed record AttemptStatistics([property: Id(0)] long Succeeded, [property: Id(1)] long Failed);

/// <summary>Attempts at an endpoint in stretches of time.</summary>
/// <param name="Stretches">The oldest first.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptSeries")]
public sealed record AttemptSeries([property: Id(0)] IReadOnlyList<AttemptSeriesPart> Stretches);

/// <summary>Attempts at an endpoint in one of several stretches of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Succeeded">Answered 2xx.</param>
/// <param name="Failed">Anything else.</param>
/// <param name="MedianMs">How long the receiver took, the median of the last attempts in it; null when there were none.</param>
/// <param name="P95Ms">The same, the 95th percentile.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AttemptSeriesPart")]
public sealed record AttemptSeriesPart(
    [property: Id(0)] DateTimeOffset Start,
    [property: Id(1)] long Succeeded,
    [property: Id(2)] long Failed,
    [property: Id(3)] int? MedianMs,
    [property: Id(4)] int? P95Ms);
