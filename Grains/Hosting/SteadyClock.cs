using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Webhooks.Grains.Hosting;

/// <summary>
/// The time of a silo's runtime: wall time at the start, carried on by the monotonic clock. Somebody who sets the
/// machine's clock an hour ahead and then back does not touch it; after the first Orleans collects activations an hour
/// early, and after the second it refuses new ones until an hour has passed. A machine that slept stops the monotonic
/// clock too: then the store's time leads it on, never back.
/// </summary>
public sealed class SteadyClock : TimeProvider
{
    /// <summary>How far the store's time may be ahead before this clock follows.</summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    private readonly long _startedAt = System.GetTimestamp();
    private long _startTicks = System.GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        new(Volatile.Read(ref _startTicks) + System.GetElapsedTime(_startedAt).Ticks, TimeSpan.Zero);

    /// <summary>Takes a reading of the store's clock, made just now.</summary>
    internal void Follow(DateTimeOffset storeNow)
    {
        var ahead = storeNow - GetUtcNow();
        if (ahead > s_tolerance)
        {
            Interlocked.Add(ref _startTicks, ahead.Ticks);
        }
    }

    /// <summary>Registers it, unless somebody has brought another time than the system's.</summary>
    internal static void AddTo(IServiceCollection services)
    {
        var given = services.LastOrDefault(static service => service.ServiceType == typeof(TimeProvider));
        if (given is null || ReferenceEquals(given.ImplementationInstance, System))
        {
            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(new SteadyClock());
        }
    }

    /// <summary>Whether a time goes by itself; one of a test's goes as the test says.</summary>
    internal static bool Runs(TimeProvider time) => time is SteadyClock || ReferenceEquals(time, System);

    /// <summary>The time that people on this machine see: for tokens, which others issue by theirs.</summary>
    /// <param name="time">What is registered.</param>
    public static TimeProvider Wall(TimeProvider time) => time is SteadyClock ? System : time;
}
