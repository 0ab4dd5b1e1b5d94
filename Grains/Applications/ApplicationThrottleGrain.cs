using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Grains.Applications;

/// <summary>One allocator per application, in memory.</summary>
[GrainType("application-throttle")]
internal sealed class ApplicationThrottleGrain(StoreClock clock) : Grain, IApplicationThrottleGrain
{
    private RateAllocator? _allocator;

    public Task<ThrottleGrant> Reserve(int wanted, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wanted);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var now = clock.GetUtcNow();
        _allocator ??= new RateAllocator(now);
        return Task.FromResult(_allocator.Reserve(wanted, rate, now));
    }
}
