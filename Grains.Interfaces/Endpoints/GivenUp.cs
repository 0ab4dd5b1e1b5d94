namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>What was given up of an endpoint's queue because somebody asked.</summary>
/// <param name="UpTo">The place in the log up to which it was given up.</param>
/// <param name="MessageId">Text id of the message when it was a single one; null for a whole stretch.</param>
/// <param name="InFlight">Whether something of it was in flight, and is given up only if it fails.</param>
[GenerateSerializer, Immutable, Alias("webhooks.GivenUp")]
public sealed record GivenUp([property: Id(0)] long UpTo, [property: Id(1)] string? MessageId, [property: Id(2)] bool InFlight);
