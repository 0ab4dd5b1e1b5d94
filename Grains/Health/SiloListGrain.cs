using Orleans.Concurrency;
using Orleans.Dashboard;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Grains.Health;

[StatelessWorker]
[GrainType("silo-list")]
[NoProfiling]
internal sealed class SiloListGrain(LivingSilos silos) : Grain, ISiloList
{
    public Task<IReadOnlyList<SiloMember>> List() => Task.FromResult(silos.List());
}
