using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Bounds the attempts in flight of a silo. Endpoints whose last attempt failed share a small part, so that receivers
/// that hang cannot take every place.
/// </summary>
internal sealed class AttemptSlots(IOptions<DeliveryOptions> options)
{
    private readonly SemaphoreSlim _healthy = new(options.Value.SiloAttempts);
    private readonly SemaphoreSlim _failing = new(Math.Min(options.Value.SiloFailingAttempts, options.Value.SiloAttempts));

    /// <summary>Attempts in flight of the failing endpoints, or of the others.</summary>
    public int InFlight(bool failing) => Limit(failing) - (failing ? _failing : _healthy).CurrentCount;

    /// <summary>Places that there are for them.</summary>
    public int Limit(bool failing) => failing ? Math.Min(options.Value.SiloFailingAttempts, options.Value.SiloAttempts) : options.Value.SiloAttempts;

    /// <summary>A place; the caller releases it.</summary>
    public async ValueTask<SemaphoreSlim> EnterAsync(bool failing, CancellationToken cancellationToken)
    {
        var slots = failing ? _failing : _healthy;
        await slots.WaitAsync(cancellationToken);
        return slots;
    }
}
