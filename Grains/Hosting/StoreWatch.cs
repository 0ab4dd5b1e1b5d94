using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Hosting;

/// <summary>Looks into the store once a second: at its clock, and whether it shows this silo as an active member.</summary>
internal sealed partial class StoreWatch(
    IClusterStore store,
    LivingSilos silos,
    StoreClock clock,
    SendGate gate,
    ILogger<StoreWatch> logger) : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool _wasActive;

    /// <summary>The clock is right before any grain asks for the time.</summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreWatch), ServiceLifecycleStage.RuntimeStorageServices, LookAsync);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The machine's own time: tests that move the clock must not stop the watch.
        using var timer = new PeriodicTimer(Interval);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var askedAt = clock.GetTimestamp();
        try
        {
            var sight = await store.LookAsync(silos.Self, cancellationToken);
            clock.Set(sight.Now);
            if (sight.Active)
            {
                gate.Seen(askedAt);
                _wasActive = true;
            }
            else
            {
                gate.Close();
                if (_wasActive)
                {
                    Log.NotActive(logger, silos.Self);
                }
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NoAnswer(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "The store does not answer; nothing is sent while it does not")]
        public static partial void NoAnswer(ILogger logger, Exception error);

        [LoggerMessage(1302, LogLevel.Warning, "The store does not show silo {Silo} as active; nothing is sent")]
        public static partial void NotActive(ILogger logger, string silo);
    }
}
