namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>What somebody did to an endpoint by hand.</summary>
/// <param name="Id">Text id, <c>audit_…</c>.</param>
/// <param name="EndpointId">Text id of the endpoint.</param>
/// <param name="At">When it was done.</param>
/// <param name="Actor">Whose token it was, in words.</param>
/// <param name="ActorName">The name that the caller gave beside the token; null for none.</param>
/// <param name="Action">What was done, for example <c>endpoint.paused</c>.</param>
/// <param name="Note">Words of the caller's own; null for none.</param>
/// <param name="Details">A JSON object: which message, what range.</param>
[GenerateSerializer, Immutable, Alias("webhooks.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] string EndpointId,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] string Actor,
    [property: Id(4)] string? ActorName,
    [property: Id(5)] string Action,
    [property: Id(6)] string? Note,
    [property: Id(7)] string Details);
