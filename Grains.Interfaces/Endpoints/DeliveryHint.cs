namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>
/// A stretch of the log, <c>(After, UpTo]</c>, with every message in it whose recipients name the endpoint;
/// or, when <paramref name="Complete"/> is false, only the word that the log now reaches to <paramref name="UpTo"/>.
/// </summary>
/// <param name="After">The stretch begins after this seq.</param>
/// <param name="UpTo">The stretch ends with this seq.</param>
/// <param name="Complete">Whether <paramref name="Messages"/> are all of the endpoint's messages in the stretch.</param>
/// <param name="Messages">The messages, by seq; when they are not all, some of those that are traced, without their content.</param>
[GenerateSerializer, Immutable, Alias("webhooks.DeliveryHint")]
public sealed record DeliveryHint(
    [property: Id(0)] long After,
    [property: Id(1)] long UpTo,
    [property: Id(2)] bool Complete,
    [property: Id(3)] IReadOnlyList<LogMessage> Messages);

/// <summary>A message as it lies in the log, as far as its delivery needs it.</summary>
/// <param name="Seq">Its place in its application's log, from 1.</param>
/// <param name="Id">Its id.</param>
/// <param name="EventType">Its event type.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="OrderingKey">Its ordering key, at most 256 characters.</param>
/// <param name="Payload">The very bytes to send; null when they have been removed.</param>
/// <param name="ContentType">Null for <c>application/json</c>.</param>
/// <param name="TraceParent">The publish's span, as a W3C <c>traceparent</c>; null when it is not traced, or the message was read from the log.</param>
[GenerateSerializer, Immutable, Alias("webhooks.LogMessage")]
public sealed record LogMessage(
    [property: Id(0)] long Seq,
    [property: Id(1)] Guid Id,
    [property: Id(2)] string EventType,
    [property: Id(3)] DateTimeOffset AcceptedAt,
    [property: Id(4)] string? OrderingKey,
    [property: Id(5)] byte[]? Payload,
    [property: Id(6)] string? ContentType = null,
    [property: Id(7)] string? TraceParent = null);

/// <summary>How an endpoint took a hint.</summary>
public enum HintAnswer
{
    /// <summary>It keeps up: the next hint may carry messages.</summary>
    Taken = 0,

    /// <summary>It reads the log by itself; messages in a hint would be wasted until it has caught up.</summary>
    Behind = 1,

    /// <summary>It is disabled or paused; only the log's end is worth telling.</summary>
    Paused = 2,

    /// <summary>It is gone.</summary>
    Retired = 3,
}
