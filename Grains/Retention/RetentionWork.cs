using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Retention;

/// <summary>Runs retention beside the grain that keeps its time: a run may take longer than that grain's turn should.</summary>
internal sealed partial class RetentionWork(RetentionRun run, IGrainFactory grains, ILogger<RetentionWork> logger)
{
    /// <summary>Begins a run, unless one is under way.</summary>
    public void Begin() => _ = Task.Run(RunAsync);

    private async Task RunAsync()
    {
        try
        {
            await run.RunAsync(GiveUpAsync);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRun(logger, error);
        }
        catch (Exception error)
        {
            Log.Failed(logger, error);
        }
    }

    /// <summary>Activates the endpoint's grain where it is not, whether or not the endpoint is disabled or paused.</summary>
    private async Task<bool> GiveUpAsync(Guid endpoint, long upTo, string reason)
    {
        var key = EntityId.Format(EntityId.Endpoint, endpoint);
        try
        {
            return (await grains.GetGrain<IEndpointGrain>(key).GiveUp(upTo, reason)).Value is not null;
        }
        catch (Exception error) when (error is TimeoutException or OrleansException or StoreUnavailableException)
        {
            Log.NotTold(logger, error, key);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1311, LogLevel.Warning, "The store did not answer; retention goes on with the next run")]
        public static partial void NotRun(ILogger logger, Exception error);

        [LoggerMessage(1312, LogLevel.Warning, "{Endpoint} could not be told to give up what waited too long; the next run tells it again")]
        public static partial void NotTold(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(1313, LogLevel.Error, "Retention failed; the next run goes on with it")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}

/// <summary>Registers retention.</summary>
internal static class RetentionRegistration
{
    /// <summary>Adds <see cref="RetentionWork"/> and binds its options, which are validated at start.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<QueueExpiry>();
        services.TryAddSingleton<LogSweep>();
        services.TryAddSingleton<RetentionRun>();
        services.TryAddSingleton<RetentionWork>();
        return services;
    }
}
