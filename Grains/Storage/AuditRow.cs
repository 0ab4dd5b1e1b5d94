namespace Webhooks.Grains.Storage;

/// <summary>What somebody did to an endpoint by hand. Written once, never changed.</summary>
/// <param name="Id">The id of the call that asked for it, a UUIDv7: its repeat is the same row.</param>
/// <param name="Organization">Whose endpoint it is.</param>
/// <param name="Application">The endpoint's application.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="At">When it was done, by the store's clock.</param>
/// <param name="Actor">Whose token asked for it, in words.</param>
/// <param name="ActorName">The name that the caller gave beside the token, unchecked; null for none.</param>
/// <param name="Action">What was done, for example <c>endpoint.paused</c>.</param>
/// <param name="Note">Words of the caller's own; null for none.</param>
/// <param name="Details">A JSON object: which message, what range. Never a secret or a payload.</param>
internal sealed record AuditRow(
    Guid Id,
    string Organization,
    Guid Application,
    Guid Endpoint,
    DateTimeOffset At,
    string Actor,
    string? ActorName,
    string Action,
    string? Note,
    string Details);
