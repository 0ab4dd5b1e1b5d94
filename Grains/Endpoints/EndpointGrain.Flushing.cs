using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>Outcomes on their way into the store: one batch in flight, the rest gathers.</summary>
internal sealed partial class EndpointGrain
{
    /// <summary>A moved position alone is worth a write when it would spare a successor this many entries.</summary>
    private const int PositionWorthWriting = 4096;

    private static readonly TimeSpan FirstFlushPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestFlushPause = TimeSpan.FromSeconds(2);

    private List<AttemptRow> _finished = [];
    private int _uncommitted;
    private long _oldestUncommitted;
    private long _flushedPosition;
    private Task _flush = Task.CompletedTask;

    private bool HasOutcomes => _finished.Count > 0 || _asked.Count > 0 || _answered.Count > 0 || _engine.HasChanges || HasRecoveryStep
        || _engine.Live.Position - _flushedPosition >= PositionWorthWriting;

    private void StartFlush()
    {
        if (_flush.IsCompleted && HasOutcomes)
        {
            _flush = FlushAllAsync();
        }
    }

    /// <summary>Ends when everything up to now is committed, or this activation has stood down.</summary>
    private async Task FlushAsync()
    {
        // Between the end of one flush and the next line another may have begun, and taken what this caller waits for.
        while (_phase != Phase.Gone && (!_flush.IsCompleted || HasOutcomes || _engine.Live.Position > _flushedPosition))
        {
            if (_flush.IsCompleted)
            {
                _flush = FlushAllAsync();
            }

            await _flush;
        }
    }

    private async Task FlushAllAsync()
    {
        try
        {
            await CommitAllAsync();
        }
        catch (Exception error)
        {
            Break(error);
        }
    }

    private async Task CommitAllAsync()
    {
        do
        {
            var attempts = _finished;
            var (asked, answered) = (_asked, _answered);
            _finished = [];
            _asked = [];
            _answered = [];
            var changes = _engine.TakeChanges();
            var step = TakeRecoveryStep(changes.RecoveryPosition);
            var batch = new OutcomeBatch
            {
                Endpoint = _id,
                Application = _application,
                Epoch = _epoch,
                Position = changes.Position,
                Health = changes.Health,
                Attempts = attempts,
                Parked = changes.Parked,
                Unparked = changes.Unparked,
                DeadLetters = changes.DeadLetters,
                RecoveryDeadLetters = changes.RecoveryDeadLetters,
                GivenUp = changes.GivenUp,
                Asked = asked,
                Answered = answered,
                Revived = changes.Revived,
                Recovery = step,
                At = Now(),
            };
            if (!await RecordAsync(batch))
            {
                StandDown();
                return;
            }

            _flushedPosition = Math.Max(_flushedPosition, changes.Position);
            TellWatchers(attempts, step, batch.DeadLetters.Count + batch.RecoveryDeadLetters.Count + batch.GivenUp.Count > 0);
            RecoveryStepWritten(step);
            _uncommitted -= attempts.Count;
            _oldestUncommitted = services.Clock.GetTimestamp();
            if (_phase == Phase.Running)
            {
                StartAttempts();
            }
        }
        while (HasOutcomes);

        if (_phase == Phase.Running)
        {
            // The recovery that has just ended may have another one behind it.
            Scan();
            PlanWakeUp();
        }
    }

    /// <summary>Repeats the batch until the store has taken or refused it; it is idempotent.</summary>
    private async Task<bool> RecordAsync(OutcomeBatch batch)
    {
        var pause = FirstFlushPause;
        while (!_abort.IsCancellationRequested)
        {
            try
            {
                if (await services.Outcomes.RecordAsync(batch))
                {
                    return true;
                }

                if (!await RetakeAsync())
                {
                    return false;
                }

                batch = batch with { Epoch = _epoch };
            }
            catch (StoreContentException error)
            {
                // What a receiver answered must not keep its outcome from being recorded.
                Log.OutcomeUnstorable(services.Logger, error, Name);
                batch = batch.Attempts.Any(static a => a.Response.Length > 0)
                    ? batch with { Attempts = [.. batch.Attempts.Select(static a => a with { Response = [] })] }
                    : batch with { Attempts = [] };
            }
            catch (StoreUnavailableException error)
            {
                Log.OutcomeNotWritten(services.Logger, error, Name, batch.Attempts.Count);
                await Task.Delay(pause);
                pause = pause * 2 < LongestFlushPause ? pause * 2 : LongestFlushPause;
            }
        }

        return false;
    }
}
