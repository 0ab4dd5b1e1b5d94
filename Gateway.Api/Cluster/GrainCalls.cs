using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>
/// Calls of grains: repeated while silos come and go, answered 503 when that takes too long, and at once while it is
/// known that there is no silo or no store. What a call that was given up has done is unknown.
/// </summary>
internal sealed partial class GrainCalls(
    IGrainFactory grains,
    ClusterState cluster,
    ClusterWatch watch,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ILogger<GrainCalls> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>For as long a read is repeated, as often as it fails at once: the death of a silo is known in less.</summary>
    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(2);

    /// <summary>Whether a fault says that the outcome is unknown, or that the silo is gone.</summary>
    public static bool IsPassing(Exception error) => error is TimeoutException or StoreUnavailableException or Orleans.Runtime.OrleansException;

    /// <summary>A read: once more after a fault, and while faults come at once.</summary>
    public Task<T> ReadAsync<T>(Func<IGrainFactory, Task<T>> call)
    {
        var started = time.GetTimestamp();
        return RepeatAsync((factory, _) => call(factory), Timeout.InfiniteTimeSpan, attempt => attempt < 2 || time.GetElapsedTime(started) < ReadBudget);
    }

    /// <summary>A call that may be repeated without harm, until the budget is used up. The call is told whether it is a repeat.</summary>
    public Task<T> PersistAsync<T>(Func<IGrainFactory, bool, Task<T>> call) =>
        RepeatAsync(call, TimeSpan.FromSeconds(options.Value.PublishBudgetSeconds), static _ => true);

    /// <summary>A call that must not be repeated by itself.</summary>
    public Task<T> OnceAsync<T>(Func<IGrainFactory, Task<T>> call) => RepeatAsync((factory, _) => call(factory), Timeout.InfiniteTimeSpan, static _ => false);

    private async Task<T> RepeatAsync<T>(Func<IGrainFactory, bool, Task<T>> call, TimeSpan budget, Func<int, bool> mayRepeat)
    {
        var started = time.GetTimestamp();
        var pause = FirstPause;
        long? storeOutSince = null;
        for (var attempt = 1; ; attempt++)
        {
            var (trouble, troubleBegins) = cluster.Look();
            if (trouble is not null)
            {
                throw ApiException.Unavailable(trouble);
            }

            Task<T>? answer = null;
            try
            {
                answer = call(grains, attempt > 1);
                return await answer.WaitAsync(Left(), time, troubleBegins);
            }
            catch (OperationCanceledException) when (troubleBegins.IsCancellationRequested)
            {
                answer?.Ignore();
                throw ApiException.Unavailable(cluster.Trouble ?? ClusterState.StoreOut);
            }
            catch (Exception error) when (IsPassing(error))
            {
                answer?.Ignore();
                if (error is StoreUnavailableException { StoreIsOut: true })
                {
                    watch.Ask();
                    storeOutSince ??= time.GetTimestamp();
                }

                if (!mayRepeat(attempt) || Left() == TimeSpan.Zero
                    || (storeOutSince is { } since && time.GetElapsedTime(since) >= TimeSpan.FromSeconds(options.Value.StoreBudgetSeconds)))
                {
                    Log.GivenUp(logger, error, attempt);
                    throw ApiException.Unavailable();
                }

                await Task.Delay(pause, CancellationToken.None);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        TimeSpan Left()
        {
            var left = budget == Timeout.InfiniteTimeSpan ? budget : budget - time.GetElapsedTime(started);
            return left >= TimeSpan.Zero || budget == Timeout.InfiniteTimeSpan ? left : TimeSpan.Zero;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "A call was given up after {Attempts} attempts")]
        public static partial void GivenUp(ILogger logger, Exception error, int attempts);
    }
}
