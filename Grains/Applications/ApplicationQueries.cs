using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

[StatelessWorker]
[GrainType("application-queries")]
internal sealed class ApplicationQueries(IConfigurationStore store, IClusterStore cluster, LivingSilos silos) : Grain, IApplicationQueries
{
    public async Task<ApplicationDetails?> Find(string organization, string idOrUid) =>
        (await store.FindApplicationAsync(organization, idOrUid, CancellationToken.None))?.Details;

    public async Task<Page<ApplicationDetails>> List(string organization, PageRequest page)
    {
        var rows = await store.ListApplicationsAsync(organization, page, CancellationToken.None);
        return new Page<ApplicationDetails>([.. rows.Items.Select(static r => r.Details)], rows.HasMore);
    }

    public Task Ping() => cluster.LookAsync(silos.Self, CancellationToken.None);
}
