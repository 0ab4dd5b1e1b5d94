using Microsoft.Extensions.Hosting;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Grains.Health;

/// <summary>Has a grain of this silo take a turn once a second: what does not beat any more is the scheduler or the thread pool.</summary>
internal sealed class SiloPulse(IGrainFactory grains) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _beat = TimeProvider.System.GetTimestamp();

    /// <summary>How long ago the last turn ended.</summary>
    public TimeSpan Age => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _beat));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<ISiloSight>(0).Look();
                Volatile.Write(ref _beat, TimeProvider.System.GetTimestamp());
            }
            catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException)
            {
                // No beat: the age says so.
            }
        }
    }
}
