using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Endpoints;

/// <summary>Waiting: a timer for the precise moment while active, a reminder for waits that may outlive the activation.</summary>
internal sealed partial class EndpointGrain
{
    private const string RetryReminder = "retry";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(24);

    private readonly ReminderGauge _reminder = new(services.Metrics, ReminderKind.Retry);
    private IGrainTimer _timer = null!;
    private DateTimeOffset? _timerAt;
    private DateTimeOffset? _reminderAt;
    private DateTimeOffset? _retryStoreAt;
    private bool _mayHaveReminder;
    private bool _remindersBusy;
    private long _keptAlive;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        services.Metrics.Ticked(ReminderKind.Retry);
        _mayHaveReminder = true;
        if (_phase == Phase.Waiting)
        {
            await StartAsync(CancellationToken.None);
        }

        if (_phase == Phase.Gone)
        {
            await RemoveReminderAsync();
            return;
        }

        Pump();
    }

    private async Task OnTimerAsync(CancellationToken cancellationToken)
    {
        _timerAt = null;
        _retryStoreAt = null;
        if (_disableAgain)
        {
            _disableAgain = false;
            _ = DisableAsync();
        }

        if (_phase is Phase.Starting or Phase.Waiting)
        {
            try
            {
                await StartAsync(cancellationToken);
            }
            catch (StoreUnavailableException error)
            {
                Log.NotRead(services.Logger, error, Name);
                _timer.Change(StorePause, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Pump();
    }

    private void SetTimer(DateTimeOffset at)
    {
        var wait = at - Now();
        // A tick that comes early finds nothing due and plans again; a timer takes no wait of many weeks.
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait;
        _timer.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void PlanWakeUp()
    {
        var due = NextWork();
        if (_retryStoreAt is { } store && (due is null || store < due))
        {
            due = store;
        }

        if (due != _timerAt)
        {
            _timerAt = due;
            if (due is { } at)
            {
                SetTimer(at);
            }
            else
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        var sleeps = due is { } next && next - Now() > services.Options.ReminderThreshold && _engine.InFlight == 0;
        if (sleeps)
        {
            // Nothing happens for a while: the window's messages are read again when it does.
            if (!_reading && !_scanning)
            {
                _recoveryMatched -= _engine.DropWindows();
            }
        }
        else if (_engine.InFlight > 0 || _resends.Count > 0 || due is not null || _engine.Live.WindowCount > 0 || _reading || HasRecovery || HasOutcomes)
        {
            StayActive();
        }

        SyncReminder();
    }

    /// <summary>When something may be started next, as far as time is what it waits for.</summary>
    private DateTimeOffset? NextWork() =>
        IsPaused ? null : Now() is var now && _engine.HasNext(now) && _engine.HeldUntil(now) is null && _share.NextAt(now) is { } shared
            ? shared
            : _engine.NextStart(now, _engine.Live.ReadUpTo < _knownTail, null);

    /// <summary>Timers and work in the background do not keep a grain active.</summary>
    private void StayActive()
    {
        if (_keptAlive == 0 || services.Clock.GetElapsedTime(_keptAlive) > KeepAlive / 4)
        {
            _keptAlive = services.Clock.GetTimestamp();
            DelayDeactivation(KeepAlive);
        }
    }

    /// <summary>When a reminder should ring: at the next attempt if that is further away than a timer is trusted with.</summary>
    private DateTimeOffset? WantedReminder()
    {
        if (_phase != Phase.Running || NextWork() is not { } due)
        {
            return null;
        }

        return due == _reminderAt || due - Now() > services.Options.ReminderThreshold ? due : null;
    }

    private void SyncReminder()
    {
        var wanted = WantedReminder();
        if (!_remindersBusy && (wanted != _reminderAt || (wanted is null && _mayHaveReminder)))
        {
            _remindersBusy = true;
            _ = SyncReminderAsync();
        }
    }

    private async Task SyncReminderAsync()
    {
        try
        {
            while (_phase == Phase.Running)
            {
                var wanted = WantedReminder();
                if (wanted is { } due)
                {
                    if (due == _reminderAt)
                    {
                        return;
                    }

                    var wait = due - Now();
                    await this.RegisterOrUpdateReminder(RetryReminder, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, services.ReminderPeriod);
                    _mayHaveReminder = true;
                    _reminderAt = due;
                    _reminder.Set(true);
                }
                else
                {
                    if (!_mayHaveReminder)
                    {
                        return;
                    }

                    await RemoveReminderAsync();
                }
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The timer holds while this activation lives, recovery looks each minute after that.
            Log.ReminderNotKept(services.Logger, error, Name);
            _retryStoreAt ??= Now() + StorePause;
            _timer.Change(StorePause, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _remindersBusy = false;
        }
    }

    private async Task RemoveReminderAsync()
    {
        if (await this.GetReminder(RetryReminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        _mayHaveReminder = false;
        _reminderAt = null;
        _reminder.Set(false);
    }
}
