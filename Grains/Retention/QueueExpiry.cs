using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Retention;

/// <summary>
/// Gives up what waits beyond a queue's limits by age and count, and lifts idle cursors over what holds nothing for them.
/// It walks all cursors, whatever became of their grains; a walk that the budget ends is resumed.
/// </summary>
internal sealed class QueueExpiry(IQueueLimits queues, ICursorStore cursors, IOptions<DeliveryOptions> options)
{
    public const string Expired = "expired";
    public const string Overflow = "overflow";

    private const int AtOnce = 1000;
    private const long CountSpan = 100_000;

    private Guid _after;
    private long _waiting;

    /// <summary>Goes on with the walk.</summary>
    /// <param name="times">What is too old.</param>
    /// <param name="giveUp">Tells an endpoint to give up everything that waits up to a seq; false when it could not be told.</param>
    /// <param name="budget">What the run may spend.</param>
    public async Task<QueueWalk> GoOnAsync(RetentionTimes times, Func<Guid, long, string, Task<bool>> giveUp, RetentionBudget budget)
    {
        var given = 0;
        var firsts = new Dictionary<Guid, long>();
        while (budget.Spend())
        {
            var page = await queues.LookAsync(_after, AtOnce, times.Queues, options.Value.QueueMessages, CancellationToken.None);
            firsts.Clear();
            foreach (var suspect in page.Suspects)
            {
                if (await JudgeAsync(suspect, times, firsts, budget) is not { } verdict)
                {
                    return new QueueWalk(given, AtEnd: false, PayloadsWait: true);
                }

                if (verdict.Reason is { } reason)
                {
                    given += await giveUp(suspect.Endpoint, verdict.UpTo, reason) ? 1 : 0;
                    _waiting += verdict.HoldsPayloads ? 1 : 0;
                }

                _after = suspect.Endpoint;
            }

            if (page.Last is not { } last)
            {
                var waiting = _waiting;
                (_after, _waiting) = (Guid.Empty, 0);
                return new QueueWalk(given, AtEnd: true, PayloadsWait: waiting > 0);
            }

            _after = last;
        }

        return new QueueWalk(given, AtEnd: false, PayloadsWait: true);
    }

    /// <summary>Null when the budget is at its end.</summary>
    private async Task<Verdict?> JudgeAsync(QueueSuspect suspect, RetentionTimes times, Dictionary<Guid, long> firsts, RetentionBudget budget)
    {
        var position = suspect.Position;
        if (suspect.NextAt < times.Queues || suspect.ParkedAt < times.Queues)
        {
            if (!firsts.TryGetValue(suspect.Application, out var first))
            {
                first = await queues.FirstSeqAsync(suspect.Application, times.Queues, CancellationToken.None);
                firsts.Add(suspect.Application, first);
            }

            var holds = suspect.ParkedAt < times.Payloads;
            if (suspect.ParkedAt < times.Queues)
            {
                // The entry after the cursor may be older still, and its payload wanted: the same call gives up both.
                return new Verdict(first - 1, Expired, holds || suspect.NextAt < times.Payloads);
            }

            while (position < first - 1)
            {
                if (!budget.Spend())
                {
                    return null;
                }

                var stretch = await queues.FirstWaitingAsync(suspect.Application, suspect.Ordinal, position, first, CancellationToken.None);
                var idleUpTo = stretch.Seq - 1 ?? stretch.ScannedUpTo;
                if (idleUpTo > position)
                {
                    await cursors.LiftAsync([new CursorLift(suspect.Endpoint, position, idleUpTo)], CancellationToken.None);
                    position = idleUpTo;
                }

                if (stretch.Seq is not null)
                {
                    return new Verdict(first - 1, Expired, stretch.AcceptedAt < times.Payloads);
                }
            }
        }

        return await OverflowAsync(suspect, position, budget);
    }

    /// <summary>Counts from the newest back, and no further than to the limit.</summary>
    private async Task<Verdict?> OverflowAsync(QueueSuspect suspect, long position, RetentionBudget budget)
    {
        var keep = (long)options.Value.QueueMessages;
        for (var upTo = suspect.Tail; upTo > position && upTo - position > keep; upTo -= CountSpan)
        {
            if (!budget.Spend())
            {
                return null;
            }

            var count = await queues.CountAsync(suspect.Application, suspect.Ordinal, Math.Max(position, upTo - CountSpan), upTo, keep, CancellationToken.None);
            if (count.Boundary is { } boundary)
            {
                return new Verdict(boundary, Overflow, HoldsPayloads: false);
            }

            keep -= count.Count;
        }

        return new Verdict(0, null, HoldsPayloads: false);
    }

    /// <param name="Reason">Why everything up to <paramref name="UpTo"/> is given up; null when nothing is.</param>
    /// <param name="HoldsPayloads">Whether some of it is so old that its payload would go.</param>
    private sealed record Verdict(long UpTo, string? Reason, bool HoldsPayloads);
}

/// <param name="GivenUp">Endpoints that were told.</param>
/// <param name="AtEnd">Whether all cursors have been looked at.</param>
/// <param name="PayloadsWait">Whether something waits, or may, whose payload's time is over.</param>
internal readonly record struct QueueWalk(int GivenUp, bool AtEnd, bool PayloadsWait);
