using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

/// <summary>How an endpoint fares; lies in its cursor row, written in the same transaction as outcomes.</summary>
internal sealed record EndpointHealth
{
    /// <summary>Since when no attempt has succeeded; null when the last one did.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Failed attempts in a row, over all messages.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>Probes in a row that failed while the circuit was open; 0 while it is closed.</summary>
    public int Step { get; init; }

    /// <summary>Nothing is sent before this; null when nothing holds the endpoint back.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why the endpoint disabled itself; null when it did not.</summary>
    public string? DisabledReason { get; init; }

    public static EndpointHealth Fresh { get; } = new();
}

/// <summary>
/// An endpoint's cursor: everything of its queue up to <see cref="Position"/> is done or parked.
/// </summary>
/// <param name="Epoch">Raised by every activation and by every change that must stop the owner; outcomes are fenced by it.</param>
/// <param name="Owner">The silo that holds it; null when released.</param>
/// <param name="TakenAt">When the owner took it.</param>
/// <param name="WakeAt">When a released endpoint has work to do; null when it has none.</param>
internal sealed record CursorRow(
    Guid Endpoint,
    Guid Application,
    int Ordinal,
    long Position,
    long Epoch,
    string? Owner,
    DateTimeOffset? TakenAt,
    DateTimeOffset? WakeAt,
    bool Deleted,
    EndpointHealth Health);

/// <summary>Why an entry is parked. Values are stored; unknown ones are left alone.</summary>
internal enum ParkedKind
{
    /// <summary>It was tried, or is being tried, and is due again.</summary>
    Retry = 1,

    /// <summary>It was reached while its lane was blocked; it follows the lane's head.</summary>
    Behind = 2,

    /// <summary>The same as <see cref="Retry"/> of what a recovery sends.</summary>
    RecoveryRetry = 3,

    /// <summary>The same as <see cref="Behind"/> of what a recovery sends.</summary>
    RecoveryBehind = 4,
}

/// <summary>The two queues of an endpoint; each parks under kinds of its own.</summary>
internal enum QueueKind
{
    /// <summary>What is published.</summary>
    Live = 0,

    /// <summary>What a recovery sends.</summary>
    Recovery = 1,
}

/// <summary>An entry that the cursor has passed and that is not done.</summary>
/// <param name="Lane">What it must keep its order with: constant in strict, hash of the ordering key in key, own seq in none.</param>
/// <param name="Attempts">Attempts made so far.</param>
/// <param name="Due">When it is due; null for <see cref="ParkedKind.Behind"/>.</param>
internal sealed record ParkedRow(long Seq, ParkedKind Kind, long Lane, int Attempts, DateTimeOffset? Due);

/// <summary>A stretch of the queue given up, one entry when both ends are equal.</summary>
internal sealed record DeadLetterRow(long FromSeq, long ToSeq, string Reason, DateTimeOffset At);

/// <summary>All parked rows of a queue up to a place become dead letters.</summary>
/// <param name="Except">But these, whose attempts are in flight.</param>
internal sealed record GivenUpRow(long UpTo, string Reason, DateTimeOffset At, IReadOnlyList<long> Except);

/// <summary>How far a recovery has come.</summary>
/// <param name="Position">Everything of it up to this place of the log is done or parked.</param>
internal sealed record RecoveryStep(Guid Id, long Position, RecoverStatus Status, long Matched, long Sent);

/// <summary>An attempt that has ended.</summary>
/// <param name="Response">The first 20,000 bytes of the answer, or the UTF-8 error text, as <see cref="PackedAnswer"/> keeps them.</param>
internal sealed record AttemptRow(
    Guid Id,
    long Seq,
    Guid Message,
    DateTimeOffset StartedAt,
    AttemptStatus Status,
    int StatusCode,
    int DurationMs,
    AttemptTrigger Trigger,
    string Url,
    byte[] Response,
    DateTimeOffset? NextAttemptAt)
{
    /// <summary>The attempt's span; for the commit's, not stored.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>
/// Everything that changed for one endpoint since its last batch: all or nothing, under its epoch, and the same batch
/// twice is the same as once. At most one batch per endpoint stands in one commit.
/// </summary>
internal sealed record OutcomeBatch
{
    public required Guid Endpoint { get; init; }
    public required Guid Application { get; init; }
    public required long Epoch { get; init; }

    /// <summary>The stored position never moves backwards, whatever this says.</summary>
    public required long Position { get; init; }

    public required EndpointHealth Health { get; init; }
    public IReadOnlyList<AttemptRow> Attempts { get; init; } = [];

    /// <summary>Rows written or replaced, by seq. No seq stands in both lists.</summary>
    public IReadOnlyList<ParkedRow> Parked { get; init; } = [];

    /// <summary>Seqs whose parked rows go.</summary>
    public IReadOnlyList<long> Unparked { get; init; } = [];

    public IReadOnlyList<DeadLetterRow> DeadLetters { get; init; } = [];

    /// <summary>Messages that a recovery has given up; those that were delivered at another time are no dead letters.</summary>
    public IReadOnlyList<DeadLetterRow> RecoveryDeadLetters { get; init; } = [];

    /// <summary>Seqs that somebody asked to be sent again.</summary>
    public IReadOnlyList<long> Asked { get; init; } = [];

    /// <summary>Seqs that were sent again, or cannot be. No seq stands in both lists.</summary>
    public IReadOnlyList<long> Answered { get; init; } = [];

    /// <summary>Seqs that were delivered after they had been given up: they are dead letters no more.</summary>
    public IReadOnlyList<long> Revived { get; init; } = [];

    /// <summary>When this batch was made.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Stretches of each queue whose parked rows become dead letters; written before <see cref="Parked"/>.</summary>
    public IReadOnlyList<(QueueKind Queue, GivenUpRow Row)> GivenUp { get; init; } = [];

    /// <summary>The recovery that is under way; null when none is.</summary>
    public RecoveryStep? Recovery { get; init; }
}

/// <summary>Lifts an idle cursor over a stretch that holds nothing for it; raises no epoch.</summary>
/// <param name="IfAtLeast">Only when the stored position is at least this: the last entry it is a recipient of.</param>
internal readonly record struct CursorLift(Guid Endpoint, long IfAtLeast, long To);
