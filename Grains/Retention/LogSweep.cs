using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Retention;

/// <summary>
/// Removes from each log what no day takes with it: payloads and attempts by the batch, and the oldest messages once
/// nothing refers to them. A sweep that the budget ends is resumed where it was.
/// </summary>
internal sealed class LogSweep(IRetentionStore store, IQueueLimits queues)
{
    private const int AtOnce = 1000;

    private Guid _after;
    private long _payloadsFrom;

    /// <summary>Goes on with the sweep.</summary>
    /// <param name="times">What has had its time.</param>
    /// <param name="payloadsSince">Payloads before this are known to be gone.</param>
    /// <param name="payloadsToo">Whether payloads may go.</param>
    /// <param name="budget">What the run may spend.</param>
    public async Task<SweepCounts> GoOnAsync(RetentionTimes times, DateTimeOffset payloadsSince, bool payloadsToo, RetentionBudget budget)
    {
        var counts = new SweepCounts();
        var youngest = new[] { payloadsToo ? times.Payloads : DateTimeOffset.MinValue, times.Attempts, times.Entries }.Max();
        while (youngest > DateTimeOffset.MinValue && budget.Spend())
        {
            var page = await store.ListAgedAsync(_after, AtOnce, youngest, CancellationToken.None);
            foreach (var log in page.Logs)
            {
                if (payloadsToo)
                {
                    counts.Payloads += await PayloadsAsync(log, times.Payloads, payloadsSince, budget);
                }

                counts.Attempts += await AttemptsAsync(log, times.Attempts, budget);
                counts.Entries += await EntriesAsync(log, times.Entries, budget);
                if (budget.IsSpent)
                {
                    return counts;
                }

                (_after, _payloadsFrom) = (log.Application, 0);
            }

            if (page.Last is not { } last)
            {
                _after = Guid.Empty;
                counts.AtEnd = true;
                return counts;
            }

            _after = last;
        }

        counts.AtEnd = youngest == DateTimeOffset.MinValue;
        return counts;
    }

    private async Task<long> PayloadsAsync(AgedLog log, DateTimeOffset before, DateTimeOffset since, RetentionBudget budget)
    {
        long removed = 0;
        var end = await FirstSeqAsync(log, before);
        var from = Math.Max(Math.Max(log.FirstSeq, _payloadsFrom), since > DateTimeOffset.MinValue ? await FirstSeqAsync(log, since) : 0);
        for (; from < end && budget.Spend(); from += AtOnce)
        {
            removed += await store.RemovePayloadsAsync(log.Application, from, Math.Min(end, from + AtOnce), CancellationToken.None);
            _payloadsFrom = from + AtOnce;
        }

        return removed;
    }

    private async Task<long> AttemptsAsync(AgedLog log, DateTimeOffset before, RetentionBudget budget)
    {
        var end = await FirstSeqAsync(log, before);
        return end > log.FirstSeq
            ? (await budget.RepeatAsync(AtOnce, () => store.RemoveAttemptsAsync(log.Application, end, before, AtOnce, CancellationToken.None))).Removed
            : 0;
    }

    private async Task<long> EntriesAsync(AgedLog log, DateTimeOffset before, RetentionBudget budget)
    {
        var end = await FirstSeqAsync(log, before);
        if (end <= log.FirstSeq || !budget.Spend())
        {
            return 0;
        }

        var referred = await store.FirstReferredAsync(log.Application, end, CancellationToken.None);
        return referred > log.FirstSeq
            ? (await budget.RepeatAsync(AtOnce, () => store.RemoveEntriesAsync(log.Application, referred, AtOnce, CancellationToken.None))).Removed
            : 0;
    }

    private Task<long> FirstSeqAsync(AgedLog log, DateTimeOffset time) =>
        time == DateTimeOffset.MinValue ? Task.FromResult(0L) : queues.FirstSeqAsync(log.Application, time, CancellationToken.None);
}

/// <summary>What a sweep removed.</summary>
internal record struct SweepCounts(long Payloads, long Attempts, long Entries, bool AtEnd);
