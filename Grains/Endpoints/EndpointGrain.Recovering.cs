using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Recoveries: a second cursor over the log, which finds what is to be sent and feeds a queue of its own. One at a time; the
/// rest waits in the store. Its place is written together with the outcomes of what it has sent.
/// </summary>
internal sealed partial class EndpointGrain
{
    private RecoveryRow? _recovery;
    private bool _moreRecoveries;
    private int _recoveriesAsked;
    private bool _scanning;
    private long _recoveryMatched;
    private long _recoverySent;
    private RecoverStatus? _recoveryEnds;
    private RecoveryStep? _recoveryWritten;

    public async Task StartRecovery(string task, RecoverTask recovery)
    {
        EnsureRunning();
        if (!EntityId.TryParse(EntityId.BackgroundTask, task, out var id))
        {
            throw new ArgumentException("Not a task's id: " + task, nameof(task));
        }

        await services.Recoveries.CreateAsync(id, recovery, Now(), CancellationToken.None);
        _recoveriesAsked++;
        _moreRecoveries = true;
        Pump();
        await TellTaskAsync(id);
    }

    public async Task<bool> CancelRecovery(string task)
    {
        EnsureRunning();
        if (!EntityId.TryParse(EntityId.BackgroundTask, task, out var id))
        {
            return false;
        }

        if (_recovery?.Id != id)
        {
            var cancelled = await services.Recoveries.CancelAsync(id, Now(), CancellationToken.None);
            await TellTaskAsync(id);
            return cancelled;
        }

        _engine.Recovery.Abandon("cancelled", Now());
        _recoveryEnds = RecoverStatus.Cancelled;
        await FlushAsync();
        EnsureRunning();
        Pump();
        return true;
    }

    /// <summary>Whether a recovery is under way, or waits.</summary>
    private bool HasRecovery => _recovery is not null || _moreRecoveries;

    private bool HasRecoveryStep => _recovery is not null
        && (_recoveryEnds is not null || _engine.Recovery.Position - (_recoveryWritten?.Position ?? _recovery.Position) >= PositionWorthWriting);

    /// <summary>While the cursor is being taken: the recovery that was under way, and what recoveries have parked.</summary>
    private async Task LoadRecoveriesAsync(CancellationToken cancellationToken)
    {
        var asked = _recoveriesAsked;
        var parked = await services.Cursors.ReadLaneHeadsAsync(_id, QueueKind.Recovery, services.Options.BlockedLanes + 1, cancellationToken);
        Begin(await services.Recoveries.ReadRunningAsync(_id, cancellationToken), parked, asked);
    }

    /// <param name="recovery">What the store has under way; null for nothing.</param>
    /// <param name="parked">What recoveries have parked.</param>
    /// <param name="asked"><see cref="_recoveriesAsked"/> before the store was read: one asked for since may be missing in what it said.</param>
    private void Begin(RecoveryRow? recovery, IReadOnlyList<ParkedRow> parked, int asked)
    {
        _recovery = recovery;
        _moreRecoveries = recovery is not null || asked != _recoveriesAsked;
        _recoveryMatched = recovery?.Matched ?? 0;
        _recoverySent = recovery?.Sent ?? 0;
        _recoveryEnds = null;
        _recoveryWritten = null;
        _engine.BeginRecovery(recovery?.Position ?? 0, PullIn(parked, Now()), Now());
    }

    /// <summary>Reads on for the recovery, ends it, or goes on to the next one.</summary>
    private void Scan()
    {
        if (_scanning || _retryStoreAt is not null || IsPaused || _recoveryEnds is not null)
        {
            return;
        }

        var queue = _engine.Recovery;
        if (_recovery is not { } recovery)
        {
            if (_moreRecoveries && queue.InFlight == 0)
            {
                _scanning = true;
                _ = NextRecoveryAsync();
            }
        }
        else if (queue.ReadUpTo >= recovery.ToSeq)
        {
            // What is left of it is parked, and is tried again whatever comes after it.
            _recoveryEnds = queue.WindowCount == 0 ? RecoverStatus.Finished : null;
        }
        else if (!IsHeldLong && (queue.Room > 0 || queue.ParkOldest(Now())) && (queue.WindowCount * 2 <= WindowMessages || queue.IsStarved))
        {
            _scanning = true;
            _ = ScanAsync(recovery);
        }
    }

    private async Task ScanAsync(RecoveryRow recovery)
    {
        try
        {
            do
            {
                var queue = _engine.Recovery;
                var page = await services.Recoveries.ReadCandidatesAsync(recovery, _application, _configuration.Ordinal, queue.ReadUpTo, queue.Room, CancellationToken.None);
                var candidates = await FilterAsync(recovery, page.Candidates);
                if (_phase != Phase.Running || _recovery != recovery || _recoveryEnds is not null)
                {
                    return;
                }

                foreach (var candidate in candidates)
                {
                    _recoveryMatched++;
                    if (!recovery.Task.DryRun)
                    {
                        queue.Take(candidate.Seq, candidate.OrderingKey);
                    }
                }

                queue.Advance(page.ScannedUpTo);
                StartAttempts();
            }
            while (_engine.Recovery is { WindowCount: 0, Room: > 0 } rest && rest.ReadUpTo < recovery.ToSeq && !HasRecoveryStep);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            _retryStoreAt = Now() + StorePause;
        }
        catch (Exception error)
        {
            Break(error);
        }
        finally
        {
            _scanning = false;
        }

        Pump();
    }

    /// <summary>What was never sent here is sent only if the endpoint's filters, as they are now, let it through.</summary>
    private async Task<IReadOnlyList<RecoveryCandidate>> FilterAsync(RecoveryRow recovery, IReadOnlyList<RecoveryCandidate> candidates)
    {
        if (recovery.Task.Kind != RecoverKind.Missing)
        {
            return candidates;
        }

        var matcher = new EndpointMatcher(_configuration);
        var passed = new List<RecoveryCandidate>(candidates.Count);
        foreach (var candidate in candidates)
        {
            // Its content is read when its turn comes; only a filter on payloads needs it already now.
            var payload = _configuration.Filter is null ? null : (await services.Log.ReadMessageAsync(_application, candidate.Seq, CancellationToken.None))?.Payload;
            if (matcher.Matches(candidate.EventType, candidate.Channels, payload))
            {
                passed.Add(candidate);
            }
        }

        return passed;
    }

    private async Task NextRecoveryAsync()
    {
        // Nothing of the old queue may move while it is replaced by what the store has.
        _engine.HoldRecovery = true;
        try
        {
            await FlushAsync();
            var asked = _recoveriesAsked;
            var parked = await services.Cursors.ReadLaneHeadsAsync(_id, QueueKind.Recovery, services.Options.BlockedLanes + 1, CancellationToken.None);
            var next = await services.Recoveries.ReadRunningAsync(_id, CancellationToken.None);
            if (_phase == Phase.Running && _engine.Recovery is { InFlight: 0, HasChanges: false })
            {
                Begin(next, parked, asked);
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            _retryStoreAt = Now() + StorePause;
        }
        catch (Exception error)
        {
            Break(error);
        }
        finally
        {
            _engine.HoldRecovery = false;
            _scanning = false;
        }

        Pump();
    }

    /// <summary>What is to be written of the recovery, if anything has changed.</summary>
    private RecoveryStep? TakeRecoveryStep(long position)
    {
        if (_recovery is not { } recovery)
        {
            return null;
        }

        // What was found and lies behind the position will be found again by a successor.
        var step = new RecoveryStep(recovery.Id, position, _recoveryEnds ?? RecoverStatus.Running, _recoveryMatched - _engine.Recovery.WindowCount, _recoverySent);
        return step == _recoveryWritten ? null : step;
    }

    private void RecoveryStepWritten(RecoveryStep? step)
    {
        if (step is null || step.Id != _recovery?.Id)
        {
            return;
        }

        _recoveryWritten = step;
        TellTask(_recovery with { Position = step.Position, Status = step.Status, Matched = step.Matched, Sent = step.Sent, UpdatedAt = Now() });
        if (step.Status != RecoverStatus.Running)
        {
            _recovery = null;
            _recoveryEnds = null;
            _moreRecoveries = true;
        }
    }
}
