using Orleans.Concurrency;
using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Owns one endpoint's order, concurrency, backoff and health. Everything happens in the grain's turns but the HTTP
/// exchange itself; every event ends in <see cref="Pump"/>, which starts whatever may be started now.
/// </summary>
[Reentrant]
[GrainType("endpoint")]
internal sealed partial class EndpointGrain(EndpointServices services) : Grain, IEndpointGrain, IRemindable
{
    private enum Phase
    {
        /// <summary>Reading itself from the store.</summary>
        Starting,

        /// <summary>Another activation holds the cursor and may have attempts in flight.</summary>
        Waiting,

        /// <summary>Holding the cursor.</summary>
        Running,

        /// <summary>Starting nothing more; waiting for what is in flight.</summary>
        Stopping,

        /// <summary>Deleted, or superseded by another activation.</summary>
        Gone,
    }

    private readonly CancellationTokenSource _abort = new();
    private Phase _phase = Phase.Starting;
    private Guid _id;
    private Guid _application;
    private EndpointDetails _configuration = null!;
    private EndpointEngine _engine = null!;
    private ApplicationThrottle _share = null!;
    private ToldRate? _toldRate;
    private long _epoch;
    private long _knownTail;
    private DateTimeOffset? _waitsUntil;
    private bool _retired;
    private bool _workLeft;
    private Task _start = Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(OnTimerAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        if (!EntityId.TryParse(EntityId.Endpoint, this.GetPrimaryKeyString(), out _id))
        {
            _phase = Phase.Gone;
            _retired = true;
            return;
        }

        try
        {
            await StartAsync(cancellationToken);
        }
        catch
        {
            // An activation that fails is not deactivated: nobody else would clear the way for the next one.
            services.Activations.Leave(_id, this);
            throw;
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var held = _phase == Phase.Running;
        if (_phase != Phase.Gone)
        {
            _phase = Phase.Stopping;
        }

        try
        {
            // Attempts in flight end before the cursor is released: a successor must not repeat them.
            await Task.WhenAll(_attempts).WaitAsync(cancellationToken);
            if (held && _phase != Phase.Gone)
            {
                _recoveryMatched -= _engine.DropWindows();
                await FlushAsync().WaitAsync(cancellationToken);
                await ReleaseAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            // The row keeps its owner; a successor waits for one attempt's deadline instead of for the release.
            Log.NotReleased(services.Logger, error, Name);
        }
        finally
        {
            await _abort.CancelAsync();
            LeaveWatchers();
            _share?.Dispose();
            EndMark();
            SetWindowBytes(0);
            _reminder.Set(false);
            services.Activations.Leave(_id, this);
            WakeSuccessor(reason);
        }
    }

    public Task<HintAnswer> Deliver(DeliveryHint hint)
    {
        if (_phase == Phase.Gone)
        {
            return _retired
                ? Task.FromResult(HintAnswer.Retired)
                : Task.FromException<HintAnswer>(new StoreUnavailableException("The endpoint starts again."));
        }

        _knownTail = Math.Max(_knownTail, hint.UpTo);
        if (_phase != Phase.Running)
        {
            KeepTraces(hint);
            return Task.FromResult(HintAnswer.Behind);
        }

        if (IsPaused)
        {
            Mark();
            return Task.FromResult(HintAnswer.Paused);
        }

        var keptUp = _engine.Live.ReadUpTo >= hint.After && !_reading && _engine.Live.Room > 0 && !IsHeldLong;
        if (keptUp && hint.Complete)
        {
            keptUp = TakeAll(hint);
        }

        if (!keptUp || !hint.Complete)
        {
            KeepTraces(hint);
        }

        Pump();
        return Task.FromResult(keptUp ? HintAnswer.Taken : HintAnswer.Behind);
    }

    public Task Configure(EndpointDetails configuration)
    {
        if (_phase == Phase.Gone || configuration.UpdatedAt < _configuration.UpdatedAt)
        {
            return Task.CompletedTask;
        }

        var reordered = configuration.Ordering != _configuration.Ordering || configuration.MaxInFlight != _configuration.MaxInFlight;
        ChangeConfiguration(configuration);

        if (reordered)
        {
            // The lanes are other ones now: they are built from the store again.
            DeactivateOnIdle();
        }
        else
        {
            Pump();
        }

        return Task.CompletedTask;
    }

    public Task Restart()
    {
        StandDown();
        return Task.CompletedTask;
    }

    public Task Retire()
    {
        _phase = Phase.Gone;
        _retired = true;
        DeactivateOnIdle();
        return RemoveReminderAsync();
    }

    public async Task Wake()
    {
        if (_phase == Phase.Waiting)
        {
            await StartAsync(CancellationToken.None);
        }

        Pump();
    }

    /// <summary>Starts whatever may be started now. Cheap when there is nothing.</summary>
    private void Pump()
    {
        if (_phase != Phase.Running)
        {
            Mark();
            return;
        }

        using var apart = Tracing.StepOut();
        ReadOn();
        Scan();
        StartAttempts();
        StartResends();
        while (_engine.Live.ReadUpTo < _knownTail && !_reading && _retryStoreAt is null && _engine.Live.ParkOldest(Now()))
        {
            ReadOn();
        }

        LoadLanes();
        StartFlush();
        SetWindowBytes(_engine.Live.WindowBytes);
        PlanWakeUp();
        Mark();
    }

    /// <summary>Its id as the API has it.</summary>
    private string Name => this.GetPrimaryKeyString();

    private DateTimeOffset Now() => services.Clock.GetUtcNow();
}
