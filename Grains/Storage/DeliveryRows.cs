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

/// <summary>Messages that failed, and how far was looked.</summary>
/// <param name="Seqs">Places in the log, each once.</param>
/// <param name="Last">Id of the last failed attempt looked at; null when there was none.</param>
internal sealed record FailedPage(IReadOnlyList<long> Seqs, Guid? Last);

/// <summary>A message that an endpoint was never sent.</summary>
internal sealed record UntriedEntry(long Seq, string EventType, IReadOnlyList<string>? Channels);

/// <summary>Messages that an endpoint was never sent, and how far the log was read.</summary>
/// <param name="ScannedUpTo">The place that was read last.</param>
/// <param name="AtEnd">Whether nothing of that time lies beyond.</param>
internal sealed record UntriedPage(IReadOnlyList<UntriedEntry> Entries, long ScannedUpTo, bool AtEnd);

/// <summary>A call with an idempotency key.</summary>
/// <param name="Reserved">An id made for the call, the same for all its repeats.</param>
/// <param name="Status">The answer's status code; null while the call has not ended.</param>
/// <param name="IsNew">Whether this very reservation made the row.</param>
internal sealed record AnswerRow(Guid Token, Guid Reserved, DateTimeOffset CreatedAt, int? Status, byte[]? Body, bool IsNew);
