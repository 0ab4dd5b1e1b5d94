using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Applications;

/// <summary>
/// Scheduled messages: a timer moves them into the log at the precise moment while the grain is active, one reminder
/// per application wakes it when it is not. The reminder is kept before the first message is accepted that needs it.
/// </summary>
internal sealed partial class ApplicationGrain
{
    private const string ScheduleReminder = "schedule";
    private const int DueAtOnce = 256;
    private static readonly TimeSpan SchedulePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(24);
    private static readonly TimeSpan FarAhead = TimeSpan.FromDays(36500);

    private readonly SemaphoreSlim _reminding = new(1);
    private IGrainTimer _timer = null!;
    private DateTimeOffset? _scheduleAt;
    private DateTimeOffset? _reminderAt;
    private ReminderGauge _reminder = null!;
    private Task _moving = Task.CompletedTask;
    private int _scheduling;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        metrics.Ticked(ReminderKind.Schedule);
        if (_sequencer is null || _row is not { Deleted: false })
        {
            await DropReminderAsync();
            return;
        }

        await MoveDueAsync();
        if (_scheduleAt is { } next)
        {
            await KeepReminderAsync(next, always: true);
        }
        else if (_scheduling == 0)
        {
            await DropReminderAsync();
        }
    }

    private void CreateTimer() => _timer = this.RegisterGrainTimer(
        _ => MoveDueAsync(),
        new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });

    /// <summary>Something is due then; what is due earlier stays planned.</summary>
    private void PlanSchedule(DateTimeOffset due)
    {
        if (_scheduleAt is null || due < _scheduleAt)
        {
            _scheduleAt = due;
            SetTimer(due - clock.GetUtcNow());
        }
    }

    private void SetTimer(TimeSpan wait) => _timer.Change(
        (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait) + TimeSpan.FromMilliseconds(1),
        Timeout.InfiniteTimeSpan);

    private Task MoveDueAsync() => _moving = _moving.IsCompleted ? MoveDueCoreAsync() : _moving;

    private async Task MoveDueCoreAsync()
    {
        if (_sequencer is null || _released || _row is not { Deleted: false })
        {
            return;
        }

        try
        {
            while (true)
            {
                var due = await log.ReadDueAsync(_id, clock.GetUtcNow(), DueAtOnce, CancellationToken.None);
                if (due.Count == 0)
                {
                    break;
                }

                var answers = await Task.WhenAll(due.Select(_sequencer.PublishScheduledAsync));
                if (answers.All(static a => a.Refusal is not null))
                {
                    // The application is gone, and this activation did not know: the next one does.
                    DeactivateOnIdle();
                    return;
                }
            }

            _scheduleAt = null;
            if (await log.ReadDueAsync(_id, clock.GetUtcNow() + FarAhead, 1, CancellationToken.None) is [{ DeliverAt: { } next }])
            {
                PlanSchedule(next);
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.ScheduleWaits(logger, error, Name);
            SetTimer(SchedulePause);
        }
    }

    private async Task KeepReminderAsync(DateTimeOffset due, bool always = false)
    {
        // One after the other: what a publish relies on must not be dropped behind its back.
        await _reminding.WaitAsync();
        try
        {
            if (!always && _reminderAt <= due)
            {
                return;
            }

            var wait = due - clock.GetUtcNow();
            await this.RegisterOrUpdateReminder(ScheduleReminder, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TimeSpan.FromMinutes(1));
            _reminderAt = due;
            _reminder.Set(true);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Without it an accepted message could be forgotten: so it is not accepted.
            throw new StoreUnavailableException("The reminder of a scheduled message could not be kept.", error);
        }
        finally
        {
            _reminding.Release();
        }
    }

    private async Task DropReminderAsync()
    {
        await _reminding.WaitAsync();
        try
        {
            if (_scheduling == 0 && await this.GetReminder(ScheduleReminder) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
                _reminderAt = null;
                _reminder.Set(false);
            }
        }
        finally
        {
            _reminding.Release();
        }
    }
}
