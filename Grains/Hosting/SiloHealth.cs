namespace Webhooks.Grains.Hosting;

/// <summary>Whether a silo does its work.</summary>
public sealed class SiloHealth
{
    private readonly SendGate _gate;

    internal SiloHealth(SendGate gate) => _gate = gate;

    /// <summary>Whether the store answers and shows the silo as an active member.</summary>
    public bool IsReady => _gate.Open;
}
