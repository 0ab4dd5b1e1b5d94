using Orleans.Dashboard;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Grains.Health;

[PlacedByAddress]
[GrainType("silo-reports")]
[NoProfiling]
internal sealed class SiloReportsGrain(SiloReporter reporter) : Grain, ISiloReports
{
    public Task<SiloReport> Look() => reporter.LookAsync(GrainFactory);
}
