using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>What follows from an attempt, and what is to be committed of it.</summary>
internal sealed partial class EndpointEngine
{
    private List<long> _revived = [];

    /// <summary>Whether there is more to commit than a moved position.</summary>
    public bool HasChanges => Live.HasChanges || Recovery.HasChanges || _revived.Count > 0;

    /// <summary>An attempt has ended.</summary>
    /// <param name="start">Which.</param>
    /// <param name="end">How.</param>
    /// <param name="acceptedAt">When the message was accepted.</param>
    /// <param name="startedAt">When the attempt started.</param>
    /// <param name="now">Now.</param>
    /// <param name="random">Chance, for jitter.</param>
    public EngineEnding End(EngineStart start, AttemptEnd end, DateTimeOffset acceptedAt, DateTimeOffset startedAt, DateTimeOffset now, Random random)
    {
        var (kind, entry) = start;
        var attempts = entry.Attempts + 1;
        if (end.Success)
        {
            _governor.Succeeded(now);
            this[kind].Succeed(entry);
            if (kind == QueueKind.Recovery)
            {
                _revived.Add(entry.Seq);
            }

            return new EngineEnding(attempts, null, null);
        }

        var asked = RetryAfter.Parse(end.RetryAfter, now);
        // What a recovery sends has the whole schedule before it, however old it is.
        var decision = _settings.Schedule.Decide(attempts, kind == QueueKind.Live ? acceptedAt : now, now, _settings.RequestTimeout, random, asked);
        var isOver = end.Wish == ReceiverWish.AbortMessage || entry.GivenUp is not null || entry.IsDelivered;
        var next = isOver ? null : (decision as RetryDecision.RetryAt)?.Due;
        _governor.Failed(startedAt, now, IsOverload(end.StatusCode), HoldUntil(asked, next, attempts, now), _settings.Schedule, random);
        if (next is { } due)
        {
            this[kind].Retry(entry, due, now);
        }
        else
        {
            this[kind].GiveUp(entry, entry.GivenUp ?? ReasonOf(end, decision), now);
        }

        return new EngineEnding(attempts, next, Judge(end, now));
    }

    /// <summary>
    /// A message was sent beside the order because somebody asked. A failure says nothing new: the schedule goes on as it
    /// was. A success is the message's, wherever it waits, and says that the receiver is back.
    /// </summary>
    public void EndBeside(long seq, bool success, DateTimeOffset now)
    {
        if (!success)
        {
            return;
        }

        _governor.Succeeded(now);
        Live.SettleBeside(seq);
        Recovery.SettleBeside(seq, remember: false);
        _revived.Add(seq);
        Live.Hasten(now);
        Recovery.Hasten(now);
    }

    /// <summary>The endpoint is to be disabled, for this reason; until that is done it holds itself back.</summary>
    public void Disable(string reason) => _governor.Disable(reason);

    /// <summary>Enabled or resumed: its failing is counted anew, and it is tried at once.</summary>
    public void Enable(DateTimeOffset now)
    {
        _governor.Enable();
        Live.Hasten(now);
        Recovery.Hasten(now);
    }

    /// <summary>Forgets the messages held in memory; they are read again. Returns how many a recovery will find again.</summary>
    public int DropWindows()
    {
        Live.DropWindow();
        return Recovery.DropWindow();
    }

    /// <summary>Everything to be committed together.</summary>
    public EngineChanges TakeChanges()
    {
        var live = Live.TakeChanges();
        var recovery = Recovery.TakeChanges();
        var parked = live.Parked.Concat(recovery.Parked.Select(static row => row.In(QueueKind.Recovery))).ToArray();
        var kept = parked.Select(static row => row.Seq).ToHashSet();
        var revived = _revived.ToHashSet();
        _revived = [];
        return new EngineChanges(
            live.Position,
            recovery.Position,
            Health,
            parked,
            // Of two queues one may say of an entry that it is not, the other that it is.
            [.. live.Unparked.Concat(recovery.Unparked).Distinct().Where(seq => !kept.Contains(seq))],
            [.. live.DeadLetters.Where(row => row.FromSeq != row.ToSeq || !revived.Contains(row.FromSeq))],
            [.. recovery.DeadLetters.Where(row => !revived.Contains(row.FromSeq))],
            [.. live.GivenUp.Select(static row => (QueueKind.Live, row)), .. recovery.GivenUp.Select(static row => (QueueKind.Recovery, row))],
            [.. revived]);
    }

    private static bool IsOverload(int status) => status is 429 or 502 or 503 or 504;

    private static string ReasonOf(AttemptEnd end, RetryDecision decision) =>
        end.Wish == ReceiverWish.AbortMessage ? "aborted"
        : decision is RetryDecision.GiveUp { Reason: GiveUpReason.DeadlinePassed } ? "deadline"
        : "exhausted";

    /// <summary>What a receiver asks for, it asks for all that is sent to it, also when this message was its last.</summary>
    private DateTimeOffset? HoldUntil(TimeSpan? asked, DateTimeOffset? next, int attempts, DateTimeOffset now)
    {
        if (asked is not { } wait)
        {
            return null;
        }

        var most = _settings.Schedule.MaxDelay(attempts);
        return next ?? now + (wait < most ? wait : most);
    }

    /// <summary>Whether the endpoint is to be disabled, after an attempt that failed.</summary>
    private string? Judge(AttemptEnd end, DateTimeOffset now) =>
        end.StatusCode == Gone ? "gone"
        : end.Wish == ReceiverWish.Disable ? "asked"
        : _settings.DisableAfter > TimeSpan.Zero && now - Health.FailingSince >= _settings.DisableAfter ? "failing"
        : null;
}

/// <summary>What an endpoint has to commit, all of it together.</summary>
internal sealed record EngineChanges(
    long Position,
    long RecoveryPosition,
    EndpointHealth Health,
    IReadOnlyList<ParkedRow> Parked,
    IReadOnlyList<long> Unparked,
    IReadOnlyList<DeadLetterRow> DeadLetters,
    IReadOnlyList<DeadLetterRow> RecoveryDeadLetters,
    IReadOnlyList<(QueueKind Queue, GivenUpRow Row)> GivenUp,
    IReadOnlyList<long> Revived);
