using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage;

/// <summary>A message with what came of it at one endpoint.</summary>
internal sealed record AttemptedMessage(StoredMessage Message, AttemptedStatus Status, DateTimeOffset? NextAttemptAt);

/// <summary>An endpoint with the last attempt of one message.</summary>
internal sealed record AttemptedEndpoint(EndpointDetails Endpoint, AttemptStatus Status, DateTimeOffset? NextAttemptAt);

/// <summary>Messages that are tried before another one at an endpoint.</summary>
/// <param name="IsExact">Whether they were counted to the end; else there are at least so many.</param>
internal readonly record struct AheadCount(long Count, bool IsExact);

/// <summary>Attempts by their outcome.</summary>
internal readonly record struct AttemptCounts(long Succeeded, long Failed);

/// <summary>Attempts of a stretch of time.</summary>
/// <param name="Durations">Milliseconds of its last ones, in no order.</param>
internal sealed record AttemptStretch(long Succeeded, long Failed, IReadOnlyList<int> Durations);

/// <summary>A call with an idempotency key.</summary>
/// <param name="Reserved">An id made for the call, the same for all its repeats.</param>
/// <param name="Status">The answer's status code; null while the call has not ended.</param>
/// <param name="IsNew">Whether this very reservation made the row.</param>
internal sealed record AnswerRow(Guid Token, Guid Reserved, DateTimeOffset CreatedAt, int? Status, byte[]? Body, bool IsNew);
