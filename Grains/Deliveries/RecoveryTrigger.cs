using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Deliveries;

/// <summary>The death and the start of a silo lead at once to a look for work that no living silo owns.</summary>
internal sealed partial class RecoveryTrigger(LivingSilos silos, IGrainFactory grains, IHostApplicationLifetime lifetime, ILogger<RecoveryTrigger> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        for (var watcher = 0; watcher < RecoveryGrain.Watchers; watcher++)
        {
            await LookAsync(watcher, stoppingToken);
        }

        await foreach (var _ in silos.ChangesAsync(stoppingToken))
        {
            await LookAsync(0, stoppingToken);
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    /// <summary>Repeats until a look was made: while silos come and go a call may be lost.</summary>
    private async Task LookAsync(int watcher, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await grains.GetGrain<IRecoveryGrain>(watcher).Look();
                return;
            }
            catch (Exception error) when (error is TimeoutException or OrleansException or StoreUnavailableException)
            {
                Log.NotLooked(logger, error);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1211, LogLevel.Information, "Recovery could not be asked to look; it is asked again")]
        public static partial void NotLooked(ILogger logger, Exception error);
    }
}
