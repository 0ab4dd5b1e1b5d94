namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>Who does something by hand, and in which call.</summary>
/// <param name="Id">The call's id, a UUIDv7: the same id twice is one act, and one entry of the audit log.</param>
/// <param name="Actor">Whose token it is, in words.</param>
/// <param name="ActorName">The name that the caller gave beside the token, at most 128 characters; null for none. Nobody checks it.</param>
/// <param name="Note">Words of the caller's own, at most 256 characters; null for none.</param>
[GenerateSerializer, Immutable, Alias("webhooks.OperatorAct")]
public sealed record OperatorAct(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Actor,
    [property: Id(2)] string? ActorName = null,
    [property: Id(3)] string? Note = null);
