using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>Calls of grains: repeated while silos come and go, answered 503 when that takes too long.</summary>
internal sealed partial class GrainCalls(IGrainFactory grains, IOptions<ApiOptions> options, TimeProvider time, ILogger<GrainCalls> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Whether a fault says that the outcome is unknown, or that the silo is gone.</summary>
    public static bool IsPassing(Exception error) => error is TimeoutException or StoreUnavailableException or Orleans.Runtime.OrleansException;

    /// <summary>A read: once more after a fault.</summary>
    public Task<T> ReadAsync<T>(Func<IGrainFactory, Task<T>> call) => RepeatAsync((factory, _) => call(factory), attempt => attempt < 2);

    /// <summary>A call that may be repeated without harm, until the budget is used up. The call is told whether it is a repeat.</summary>
    public Task<T> PersistAsync<T>(Func<IGrainFactory, bool, Task<T>> call)
    {
        var started = time.GetTimestamp();
        var budget = TimeSpan.FromSeconds(options.Value.PublishBudgetSeconds);
        return RepeatAsync(call, _ => time.GetElapsedTime(started) < budget);
    }

    /// <summary>A call that must not be repeated by itself.</summary>
    public Task<T> OnceAsync<T>(Func<IGrainFactory, Task<T>> call) => RepeatAsync((factory, _) => call(factory), static _ => false);

    private async Task<T> RepeatAsync<T>(Func<IGrainFactory, bool, Task<T>> call, Func<int, bool> mayRepeat)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(grains, attempt > 1);
            }
            catch (Exception error) when (IsPassing(error))
            {
                if (!mayRepeat(attempt))
                {
                    Log.GivenUp(logger, error, attempt);
                    throw ApiException.Unavailable();
                }

                await Task.Delay(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "A call was given up after {Attempts} attempts")]
        public static partial void GivenUp(ILogger logger, Exception error, int attempts);
    }
}
