using Webhooks.Faults.Injection.Processes;

namespace Webhooks.Faults.Injection;

/// <summary>All faults there are.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new KillSilo(),
        new KillGateway(),
        new KillStandalone(),
        new KillAllSilos(),
        new KillEverything(),
        new RollingRestart(),
        new FrozenSilo(),
        new PostgresStop(),
        new PostgresKill(),
        new OutOfConnections(),
        new BusyCores(),
        new ReceiversGone(),
    ];
}
