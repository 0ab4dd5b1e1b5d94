namespace Webhooks.Grains.Storage;

// What limits and retention ask of the store. Members throw as those in Ports.cs do.

/// <summary>Queues of endpoints, as their limits by age and count look at them.</summary>
internal interface IQueueLimits
{
    /// <summary>
    /// Looks at the next <paramref name="limit"/> cursors behind <paramref name="after"/>, by endpoint, deleted ones left
    /// out. Suspects are those whose next entry of the log (whosever it is) or whose oldest parked one was accepted before
    /// <paramref name="oldBefore"/>, and those with more than <paramref name="longerThan"/> entries of the log before them.
    /// </summary>
    Task<QueuePage> LookAsync(Guid after, int limit, DateTimeOffset oldBefore, long longerThan, CancellationToken cancellationToken);

    /// <summary>The first seq of the application accepted at this time or later; behind the tail when there is none.</summary>
    Task<long> FirstSeqAsync(Guid application, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>The first entry of the endpoint with this ordinal in <c>(after, before)</c>, out of at most 100,000 places.</summary>
    Task<QueueStretch> FirstWaitingAsync(Guid application, int ordinal, long after, long before, CancellationToken cancellationToken);

    /// <summary>How many entries the endpoint with this ordinal has in <c>(after, upTo]</c>, and which is the one before the last <paramref name="keep"/>.</summary>
    Task<QueueCount> CountAsync(Guid application, int ordinal, long after, long upTo, long keep, CancellationToken cancellationToken);
}

/// <summary>A queue that may be over a limit.</summary>
/// <param name="NextAt">When the entry after the cursor was accepted, whosever it is; null when there is none.</param>
/// <param name="ParkedAt">When its oldest parked entry was accepted; null when it has none.</param>
internal sealed record QueueSuspect(Guid Endpoint, Guid Application, int Ordinal, long Position, long Tail, DateTimeOffset? NextAt, DateTimeOffset? ParkedAt);

/// <param name="Last">The endpoint looked at last; null when all have been.</param>
internal sealed record QueuePage(IReadOnlyList<QueueSuspect> Suspects, Guid? Last);

/// <param name="Seq">The first entry; null when there is none up to <paramref name="ScannedUpTo"/>.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
internal sealed record QueueStretch(long? Seq, DateTimeOffset? AcceptedAt, long ScannedUpTo);

/// <param name="Boundary">The newest entry that is not among the last ones to keep; null when all are.</param>
internal sealed record QueueCount(long Count, long? Boundary);

/// <summary>Removes what has had its time, a bounded number at a time.</summary>
internal interface IRetentionStore
{
    /// <summary>Makes room for today and the days ahead, where the store keeps days apart.</summary>
    Task<PartitionWork> PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Drops days of payloads that ended at this time or before, one at a time; nothing where the store does not keep them apart.</summary>
    Task<PartitionWork> DropPayloadDaysAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The same of attempts.</summary>
    Task<PartitionWork> DropAttemptDaysAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at the next <paramref name="limit"/> logs behind <paramref name="after"/>, by application, deleted ones too;
    /// those whose first entry was accepted before <paramref name="before"/>.
    /// </summary>
    Task<AgedPage> ListAgedAsync(Guid after, int limit, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes the payloads of the entries in <c>[from, before)</c> that no day takes with it; returns how many.</summary>
    Task<int> RemovePayloadsAsync(Guid application, long from, long before, CancellationToken cancellationToken);

    /// <summary>Removes attempts started before a time, of entries before a seq, that no day takes with it.</summary>
    Task<int> RemoveAttemptsAsync(Guid application, long beforeSeq, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes dead letters made before this.</summary>
    Task<int> RemoveDeadLettersAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The first entry, at most <paramref name="before"/>, that something refers to: a queue of a living endpoint, a parked
    /// row, a resend, a dead letter, an attempt.
    /// </summary>
    Task<long> FirstReferredAsync(Guid application, long before, CancellationToken cancellationToken);

    /// <summary>Removes the oldest entries of the log, before a seq.</summary>
    Task<int> RemoveEntriesAsync(Guid application, long before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Marks tombstones (deleted applications and endpoints) not seen before with <paramref name="now"/>, and removes those
    /// marked before <paramref name="before"/> with their rows, as far as their log is gone. Returns how many rows it changed.
    /// </summary>
    Task<int> BuryAsync(DateTimeOffset now, DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>What was done to partitions.</summary>
/// <param name="Done">Partitions made or dropped.</param>
/// <param name="Postponed">Those in use by others for longer than the lock is waited for; the next run tries again.</param>
internal readonly record struct PartitionWork(int Done, int Postponed);

/// <param name="FirstSeq">The oldest entry left.</param>
internal sealed record AgedLog(Guid Application, long FirstSeq);

/// <param name="Last">The application looked at last; null when all have been.</param>
internal sealed record AgedPage(IReadOnlyList<AgedLog> Logs, Guid? Last);
