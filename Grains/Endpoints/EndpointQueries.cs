using Orleans.Concurrency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

[StatelessWorker]
[GrainType("endpoint-queries")]
internal sealed class EndpointQueries(IConfigurationStore store) : Grain, IEndpointQueries
{
    public async Task<EndpointDetails?> Find(string application, string idOrUid) =>
        EntityId.TryParse(EntityId.Application, application, out var id)
            ? await store.FindEndpointAsync(id, idOrUid, CancellationToken.None)
            : null;

    public async Task<Page<EndpointDetails>> List(string application, PageRequest page) =>
        EntityId.TryParse(EntityId.Application, application, out var id)
            ? await store.ListEndpointsAsync(id, page, CancellationToken.None)
            : new Page<EndpointDetails>([], false);
}
