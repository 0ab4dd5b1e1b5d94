namespace Webhooks.Grains.Interfaces.Deliveries;

/// <summary>
/// The last net: looks once a minute, by a permanent reminder, for work whose owner is not a living silo, and at once
/// when told. Keyed by a small number; each key has a reminder of its own, so that one lost does not matter.
/// </summary>
[Alias("webhooks.IRecoveryGrain")]
public interface IRecoveryGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the reminder is registered, and looks for work now.</summary>
    [Alias("Look")]
    Task Look();
}
