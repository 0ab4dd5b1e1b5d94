using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Hosting;

/// <summary>Looks into the store twice a second: at its clock, and whether it shows this silo as an active member.</summary>
internal sealed partial class StoreWatch(
    IClusterStore store,
    LivingSilos silos,
    StoreClock clock,
    SendGate gate,
    StoreState state,
    IOptions<StoreOptions> options,
    ILogger<StoreWatch> logger) : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private bool _wasActive;
    private long _notActiveSince;

    /// <summary>How long the store has shown this silo, which was active, as something else; zero while it does not.</summary>
    public TimeSpan NotActiveFor =>
        Volatile.Read(ref _notActiveSince) is var since and not 0 ? TimeProvider.System.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>The clock is right before any grain asks for the time.</summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreWatch), ServiceLifecycleStage.RuntimeStorageServices, LookAsync);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // One look at a time, however long the driver waits for an answer; what that means is known long before.
            var look = LookAsync(stoppingToken);
            await LimitAsync(look, stoppingToken);
            await look;
            // The machine's own time: tests that move the clock must not stop the watch.
            await state.WaitAsync(Interval, stoppingToken);
        }
    }

    /// <summary>Silence counts as no answer; not while commits go through.</summary>
    private async Task LimitAsync(Task look, CancellationToken cancellationToken)
    {
        var silence = TimeSpan.FromSeconds(options.Value.SilenceSeconds);
        var asked = TimeProvider.System.GetTimestamp();
        while (!look.IsCompleted)
        {
            var last = Math.Max(asked, state.AnsweredAt);
            var left = silence - TimeProvider.System.GetElapsedTime(last);
            if (left <= TimeSpan.Zero)
            {
                if (state.Failed())
                {
                    Log.Silent(logger, options.Value.SilenceSeconds);
                }

                return;
            }

            await look.WaitAsync(left, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // The first of two may have met a connection that broke long ago.
        if (!await TryLookAsync(last: false, cancellationToken))
        {
            await TryLookAsync(last: true, cancellationToken);
        }
    }

    private async Task<bool> TryLookAsync(bool last, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetTimestamp();
        try
        {
            var sight = await store.LookAsync(silos.Self, cancellationToken);
            clock.Set(sight.Now);
            if (state.Answered())
            {
                Log.AnswersAgain(logger);
            }

            Note(sight.Active, askedAt);
            return true;
        }
        catch (StoreUnavailableException error)
        {
            if (last && state.Failed())
            {
                Log.NoAnswer(logger, error);
            }

            return false;
        }
    }

    private void Note(bool active, long askedAt)
    {
        if (active)
        {
            gate.Seen(askedAt);
            _wasActive = true;
            Volatile.Write(ref _notActiveSince, 0);
            return;
        }

        gate.Close();
        if (_wasActive && _notActiveSince == 0)
        {
            Volatile.Write(ref _notActiveSince, TimeProvider.System.GetTimestamp());
            Log.NotActive(logger, silos.Self);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "The store does not answer; nothing is accepted or sent while it does not")]
        public static partial void NoAnswer(ILogger logger, Exception error);

        [LoggerMessage(1303, LogLevel.Warning, "The store has not answered for {Seconds} s; nothing is accepted or sent while it does not")]
        public static partial void Silent(ILogger logger, double seconds);

        [LoggerMessage(1304, LogLevel.Information, "The store answers again")]
        public static partial void AnswersAgain(ILogger logger);

        [LoggerMessage(1302, LogLevel.Warning, "The store does not show silo {Silo} as active; nothing is sent")]
        public static partial void NotActive(ILogger logger, string silo);
    }
}
