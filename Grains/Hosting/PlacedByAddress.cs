using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Webhooks.Grains.Hosting;

/// <summary>Grains whose key is the address of a silo live in that silo, or nowhere.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PlacedByAddressAttribute() : PlacementAttribute(new ByAddress());

/// <summary>Placement in the silo that the key names.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.ByAddress")]
internal sealed class ByAddress : PlacementStrategy;

/// <summary>Finds that silo among those that can hold the grain.</summary>
internal sealed class ByAddressDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var address = target.GrainIdentity.Key.ToString() ?? "";
        return Task.FromResult(context.GetCompatibleSilos(target).FirstOrDefault(silo => silo.ToParsableString() == address)
            ?? throw new SiloUnavailableException($"The silo {address} is not there, or is of a former version."));
    }
}
