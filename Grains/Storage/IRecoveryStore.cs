using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

/// <summary>A recovery: what it sends, and how far it is.</summary>
/// <param name="Position">Everything of it up to this place of the log is done or parked.</param>
/// <param name="FromSeq">It begins after this place.</param>
/// <param name="ToSeq">It ends with this place.</param>
/// <param name="Matched">Messages found so far.</param>
/// <param name="Sent">Messages sent so far, each counted once.</param>
/// <param name="CreatedAt">When it was written down, by the store's clock, which attempts go by too.</param>
internal sealed record RecoveryRow(
    Guid Id, RecoverTask Task, long FromSeq, long ToSeq, long Position, RecoverStatus Status, long Matched, long Sent, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A message that a recovery is to send.</summary>
internal sealed record RecoveryCandidate(long Seq, string EventType, IReadOnlyList<string>? Channels, string? OrderingKey);

/// <summary>Messages that a recovery is to send, and how far the log was read for them.</summary>
/// <param name="ScannedUpTo">There is nothing else to send up to this place.</param>
internal sealed record CandidatePage(IReadOnlyList<RecoveryCandidate> Candidates, long ScannedUpTo);

/// <summary>Recoveries. Their progress is written by <see cref="ICursorStore.RecordAsync"/>, under the endpoint's epoch.</summary>
internal interface IRecoveryStore
{
    /// <summary>Writes it down with the stretch of the log that its times mean now; an id that is there already stays as it is.</summary>
    Task CreateAsync(Guid id, RecoverTask task, DateTimeOffset now, CancellationToken cancellationToken);

    Task<RecoveryRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The endpoint's first one, by id, that has not ended; null when there is none.</summary>
    Task<RecoveryRow?> ReadRunningAsync(Guid endpoint, CancellationToken cancellationToken);

    /// <summary>The organization's, by id. The iterator is a task's text id.</summary>
    Task<Page<RecoveryRow>> ListAsync(string organization, RecoverStatus? status, RecoverKind? kind, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Ends one that has not ended; false when it had. Only for one that is not under way in a grain.</summary>
    Task<bool> CancelAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes what ended before this, at most <paramref name="limit"/>; returns how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The first messages after <paramref name="after"/> that the recovery is to send, at most <paramref name="limit"/>, out
    /// of a bounded stretch of the log. Left out is what waits in the endpoint's queue, what is parked, and what has been
    /// tried since the recovery began.
    /// </summary>
    Task<CandidatePage> ReadCandidatesAsync(RecoveryRow recovery, Guid application, int ordinal, long after, int limit, CancellationToken cancellationToken);
}
