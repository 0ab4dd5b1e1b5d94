using Webhooks.Faults.Injection.Cuts;
using Webhooks.Faults.Injection.Machines;
using Webhooks.Faults.Injection.Processes;
using Webhooks.Faults.Injection.Stores;

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
        new CutSiloFromPeers(),
        new CutSiloFromStore(),
        new CutSiloOff(),
        new CutGatewayFromSilos(),
        new SlowPostgres(),
        new CutAfterCommit(),
        new StoreFailover(),
        new DiskFull(),
        new ClockJump(),
    ];
}
