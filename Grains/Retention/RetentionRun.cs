using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Retention;

/// <summary>
/// Removes what has had its time, in this order: queues beyond their limits become dead letters, then days of payloads and
/// attempts go, old dead letters, what is left of old logs, tombstones. Each run is bounded and goes on where the one before
/// stopped; after a whole pass there is nothing to do for an hour. Several silos may run it at once: each step is harmless
/// when repeated.
/// </summary>
internal sealed partial class RetentionRun(
    QueueExpiry queues,
    LogSweep sweep,
    IRetentionStore store,
    StoreCleaner cleaner,
    StoreClock clock,
    IOptions<RetentionOptions> retention,
    IOptions<DeliveryOptions> delivery,
    ILogger<RetentionRun> logger)
{
    private const int AtOnce = 1000;
    private const int TombstonesAtOnce = 100;
    private const int StatementsPerRun = 2000;
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1);
    private DateTimeOffset _restsUntil;
    private DateTimeOffset _payloadsGone;
    private RetentionTimes? _times;
    private bool _nothingWaits;

    /// <summary>Runs once; at once when another run is under way. Faults of the store come out and leave the rest to the next run.</summary>
    /// <param name="giveUp">Tells an endpoint to give up everything that waits up to a seq; false when it could not be told.</param>
    public async Task RunAsync(Func<Guid, long, string, Task<bool>> giveUp)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            await cleaner.CleanAsync();
            var now = clock.GetUtcNow();
            if (now >= _restsUntil && await PassAsync(now, giveUp))
            {
                _restsUntil = now + Rest;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether the pass came to its end.</summary>
    private async Task<bool> PassAsync(DateTimeOffset now, Func<Guid, long, string, Task<bool>> giveUp)
    {
        // One pass, however many runs it takes, has one idea of what is old: what its walk did not look at must not go.
        var times = _times ??= RetentionTimes.Of(retention.Value, delivery.Value, now);
        var budget = new RetentionBudget(StatementsPerRun);
        var made = await store.PrepareAsync(now, CancellationToken.None);
        if (!_nothingWaits)
        {
            var walk = await queues.GoOnAsync(times, giveUp, budget);
            if (walk.GivenUp > 0)
            {
                Log.GivenUp(logger, walk.GivenUp);
            }

            if (!walk.AtEnd)
            {
                return false;
            }

            // What was given up a moment ago may still be in flight: payloads go after a walk that found nothing waiting.
            _nothingWaits = !walk.PayloadsWait;
        }

        var payloads = _nothingWaits ? await store.DropPayloadDaysAsync(times.Payloads, CancellationToken.None) : default;
        var attempts = await store.DropAttemptDaysAsync(times.Attempts, CancellationToken.None);
        var deadLetters = await budget.RepeatAsync(AtOnce, () => store.RemoveDeadLettersAsync(times.DeadLetters, AtOnce, CancellationToken.None));
        var swept = await sweep.GoOnAsync(times, _payloadsGone, _nothingWaits, budget);
        var buried = swept.AtEnd && times.Entries > DateTimeOffset.MinValue
            ? await budget.RepeatAsync(1, () => store.BuryAsync(now, times.Entries, TombstonesAtOnce, CancellationToken.None))
            : (Removed: 0, AtEnd: swept.AtEnd);
        if (made.Done + payloads.Done + attempts.Done > 0 || deadLetters.Removed + swept.Payloads + swept.Attempts + swept.Entries + buried.Removed > 0)
        {
            Log.Removed(logger, made.Done, payloads.Done, attempts.Done, swept.Payloads, swept.Attempts, deadLetters.Removed, swept.Entries, buried.Removed);
        }

        if (payloads.Postponed + attempts.Postponed > 0)
        {
            Log.Postponed(logger, payloads.Postponed, attempts.Postponed);
        }

        if (!_nothingWaits)
        {
            _times = null;
            return false;
        }

        if (!deadLetters.AtEnd || !swept.AtEnd || !buried.AtEnd || payloads.Postponed + attempts.Postponed > 0)
        {
            return false;
        }

        (_times, _nothingWaits, _payloadsGone) = (null, false, times.Payloads);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1314, LogLevel.Information, "{Endpoints} endpoints were told to give up what waited beyond the limits of their queues")]
        public static partial void GivenUp(ILogger logger, int endpoints);

        [LoggerMessage(
            1315,
            LogLevel.Information,
            "Retention: {Made} partitions made, {PayloadDays} days of payloads and {AttemptDays} of attempts dropped; removed {Payloads} payloads, {Attempts} attempts, {DeadLetters} dead letters, {Entries} messages, {Tombstones} rows of what was deleted")]
        public static partial void Removed(
            ILogger logger, int made, int payloadDays, int attemptDays, long payloads, long attempts, long deadLetters, long entries, long tombstones);

        [LoggerMessage(1316, LogLevel.Information, "{PayloadDays} days of payloads and {AttemptDays} of attempts are in use and were not dropped; the next run tries again")]
        public static partial void Postponed(ILogger logger, int payloadDays, int attemptDays);
    }
}
