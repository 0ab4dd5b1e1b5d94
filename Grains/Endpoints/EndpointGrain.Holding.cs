using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>Taking the cursor, keeping it, releasing it.</summary>
internal sealed partial class EndpointGrain
{
    private const int WindowPerPlace = 4;

    private static readonly TimeSpan HandoverMargin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, SigningKey> _keys = [];
    private Uri _url = null!;
    private bool _disableAgain;

    /// <summary>Reads configuration and cursor and takes the cursor when that is allowed now.</summary>
    private Task StartAsync(CancellationToken cancellationToken)
    {
        if (_start.IsCompleted && _phase is Phase.Starting or Phase.Waiting)
        {
            _start = StartCoreAsync(cancellationToken);
        }

        return _start;
    }

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        while (_phase is Phase.Starting or Phase.Waiting)
        {
            var configuration = await services.Configuration.FindEndpointAsync(_id, cancellationToken);
            var cursor = configuration is null ? null : await services.Cursors.ReadCursorAsync(_id, cancellationToken);
            if (configuration is null || cursor is null or { Deleted: true })
            {
                _phase = Phase.Gone;
                _retired = true;
                return;
            }

            SetConfiguration(configuration);
            _application = cursor.Application;
            if (!MayTake(cursor))
            {
                _phase = Phase.Waiting;
                SetTimer(_waitsUntil!.Value);
                return;
            }

            if (await services.Cursors.TakeCursorAsync(_id, cursor.Epoch, services.Silos.Self, Now(), cancellationToken) is { } taken)
            {
                await LoadAsync(taken, cancellationToken);
                return;
            }
        }
    }

    /// <summary>
    /// A released row, or one whose owner is dead, at once; one held by the living only after its release, or after one
    /// attempt's deadline, when nothing of its owner can be in flight any more.
    /// </summary>
    private bool MayTake(CursorRow cursor)
    {
        var free = cursor.Owner is null || cursor.Owner == services.Silos.Self || !services.Silos.IsLiving(cursor.Owner);
        if (free && services.Activations.TryEnter(_id, this))
        {
            return true;
        }

        _waitsUntil ??= Now() + RequestTimeout + HandoverMargin;
        if (Now() < _waitsUntil)
        {
            return false;
        }

        if (services.Activations.TryEnter(_id, this))
        {
            return true;
        }

        _waitsUntil = Now() + HandoverMargin;
        return false;
    }

    private async Task LoadAsync(CursorRow cursor, CancellationToken cancellationToken)
    {
        // After the take, so that everything the predecessor committed is seen.
        var parked = await services.Cursors.ReadLaneHeadsAsync(_id, QueueKind.Live, services.Options.BlockedLanes + 1, cancellationToken);
        var settled = await services.Cursors.ReadSettledAsync(_id, cursor.Position, services.Options.BlockedLanes, cancellationToken);
        var resends = await services.Cursors.ReadResendsAsync(_id, services.Options.PendingResends, cancellationToken);
        var head = await services.Log.ReadHeadAsync(_application, cancellationToken);
        _toldRate = null;
        var application = await services.Configuration.FindApplicationAsync(_application, cancellationToken);
        _epoch = cursor.Epoch;
        var now = Now();
        _knownTail = Math.Max(_knownTail, head?.Tail ?? 0);
        _flushedPosition = cursor.Position;
        _share = new ApplicationThrottle(
            _configuration.ApplicationId, GrainFactory.GetGrain<IApplicationThrottleGrain>(_configuration.ApplicationId), services.Clock, Pump, services.Logger)
        {
            Rate = _toldRate is { } told ? told.PerSecond : application?.Details.ThrottleRate,
        };
        _engine = new EndpointEngine(MakeSettings(), cursor.Position, cursor.Health, now);
        _engine.Live.Load(PullIn(parked, now), now, settled);
        LoadResends(resends);
        await LoadRecoveriesAsync(cancellationToken);
        await BeginMarkAsync(cancellationToken);
        _mayHaveReminder = parked.Count > 0 || _engine.Health.ConsecutiveFailures > 0;
        _phase = Phase.Running;
        if (_engine.Health.DisabledReason is not null && !_configuration.Disabled)
        {
            // Decided, written down, and not carried out before the end of whoever decided it.
            _ = DisableAsync();
        }

        Pump();
    }

    /// <summary>A clock that once ran ahead must not hold a queue.</summary>
    private IEnumerable<ParkedRow> PullIn(IReadOnlyList<ParkedRow> rows, DateTimeOffset now) =>
        rows.Select(row => row with { Due = row.Due is { } due ? _schedule.PullIn(due, now, row.Attempts) : null });

    private int MaxInFlight => _configuration.Ordering == OrderingMode.Strict ? 1 : _configuration.MaxInFlight ?? services.Options.DefaultMaxInFlight;

    /// <summary>Wide enough for every place in flight to find a message of another lane while those of a blocked one pass through.</summary>
    private int WindowMessages => Math.Max(services.Options.WindowMessages, WindowPerPlace * MaxInFlight);

    private EngineSettings MakeSettings() => new(
        _configuration.Ordering,
        MaxInFlight,
        WindowMessages,
        services.Options.BlockedLanes,
        _schedule,
        RequestTimeout,
        services.Options.CircuitFailures,
        services.Options.RampStart,
        services.Options.RampEnd,
        _configuration.ThrottleRate,
        services.Options.RecoveryRate,
        services.Options.DisableAfter);

    /// <summary>Has the endpoint disabled in its configuration; until that is done it holds itself back.</summary>
    private async Task DisableAsync()
    {
        var health = _engine.Health;
        try
        {
            await GrainFactory.GetGrain<IApplicationGrain>(_configuration.ApplicationId)
                .DisableEndpoint(_configuration.Id, health.DisabledReason!, health.FailingSince ?? Now());
        }
        catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException or StoreUnavailableException)
        {
            Log.NotDisabled(services.Logger, error, Name);
            _retryStoreAt ??= Now() + StorePause;
            _disableAgain = true;
            PlanWakeUp();
        }
    }

    private bool IsPaused => _configuration.Holds || _engine.Health.DisabledReason is not null;

    private void SetConfiguration(EndpointDetails configuration)
    {
        _configuration = configuration;
        _url = new Uri(configuration.Url);
        _schedule = MakeSchedule(configuration);
        _keys.Clear();
        foreach (var secret in configuration.Secrets)
        {
            _keys[secret.Key] = SigningKeys.Parse(secret.Key);
        }
    }

    /// <summary>Takes a configuration in place of the one before, of which the store or the application's grain has told.</summary>
    private void ChangeConfiguration(EndpointDetails configuration)
    {
        var old = _configuration;
        SetConfiguration(configuration);
        if (_phase != Phase.Running)
        {
            return;
        }

        // Enabled since: what this endpoint had decided of itself no longer counts, even if the word between was missed.
        if (!configuration.Holds && (old.Holds || (configuration.UpdatedAt > old.UpdatedAt && _engine.Health.DisabledReason is not null)))
        {
            _engine.Enable(Now());
        }

        _engine.Change(MakeSettings(), Now());
        TellWatchers([], null, changed: true);
    }

    /// <summary>
    /// After a refused outcome: true when only the configuration has raised the epoch, and this activation holds the
    /// cursor again. False when another activation has taken it, or the endpoint is gone, or its cursor was set back.
    /// </summary>
    private async Task<bool> RetakeAsync()
    {
        var cursor = await services.Cursors.ReadCursorAsync(_id, CancellationToken.None);
        if (cursor is null or { Deleted: true } || cursor.Owner != services.Silos.Self || cursor.Position < _flushedPosition
            || !services.Activations.TryEnter(_id, this))
        {
            return false;
        }

        if (cursor.Epoch == _epoch)
        {
            return true;
        }

        var taken = await services.Cursors.TakeCursorAsync(_id, cursor.Epoch, services.Silos.Self, Now(), CancellationToken.None);
        if (taken is null)
        {
            return await RetakeAsync();
        }

        _epoch = taken.Epoch;
        if (await services.Configuration.FindEndpointAsync(_id, CancellationToken.None) is { } configuration)
        {
            ChangeConfiguration(configuration);
        }

        return true;
    }

    /// <summary>A fault of this program: this activation no longer knows its queue, the store does.</summary>
    private void Break(Exception error)
    {
        Log.Broke(services.Logger, error, Name);
        StandDown();
    }

    private void StandDown()
    {
        Log.Superseded(services.Logger, Name, _epoch);
        _phase = Phase.Gone;
        _workLeft = true;
        DeactivateOnIdle();
    }

    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var wakeAt = IsPaused ? null
            : _resends.Count > 0 ? Now()
            : HasRecovery ? Now()
            : Earlier(_engine.Live.NextDue, _engine.Recovery.NextDue) ?? (_engine.Live.IsEmpty && _engine.Live.ReadUpTo >= _knownTail ? null : Now());
        await services.Cursors.ReleaseAsync(_id, _epoch, wakeAt, cancellationToken);
        _workLeft = wakeAt <= Now();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    /// <summary>
    /// Makes a successor when there is work, and wakes the one that may be waiting for the release: when the directory
    /// lost this activation, calls have gone to another one for a while.
    /// </summary>
    private void WakeSuccessor(DeactivationReason reason)
    {
        var alone = reason.ReasonCode is DeactivationReasonCode.ActivationIdle or DeactivationReasonCode.ShuttingDown or DeactivationReasonCode.ApplicationRequested;
        if (!_retired && (_workLeft || !alone))
        {
            GrainFactory.GetGrain<IEndpointGrain>(this.GetPrimaryKeyString()).Wake().Ignore();
        }
    }
}
