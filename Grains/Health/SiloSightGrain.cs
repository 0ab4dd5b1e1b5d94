using Orleans.Concurrency;
using Orleans.Dashboard;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Grains.Health;

[StatelessWorker]
[GrainType("silo-sight")]
[NoProfiling]
internal sealed class SiloSightGrain(LivingSilos silos, StoreState store, StuckEndpoints stuck) : Grain, ISiloSight
{
    public Task<SiloSight> Look() => Task.FromResult(new SiloSight(silos.Self, !store.IsOut, stuck.Describe()));
}
