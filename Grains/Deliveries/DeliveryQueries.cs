using Orleans.Concurrency;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

[StatelessWorker]
[GrainType("delivery-queries")]
internal sealed class DeliveryQueries(IDeliveryReads reads) : Grain, IDeliveryQueries
{
    private static readonly Page<AttemptDetails> Nothing = new([], false);

    public async Task<AttemptDetails?> Find(string application, string message, string attempt) =>
        EntityId.TryParse(EntityId.Application, application, out var app) && EntityId.TryParse(EntityId.Attempt, attempt, out var id)
            ? await reads.FindAttemptAsync(app, message, id, CancellationToken.None)
            : null;

    public async Task<Page<AttemptDetails>> ListByEndpoint(string application, string endpoint, AttemptFilter filter, PageRequest page) =>
        EntityId.TryParse(EntityId.Application, application, out var app) && EntityId.TryParse(EntityId.Endpoint, endpoint, out var id)
            ? await reads.ListAttemptsByEndpointAsync(app, id, filter, page, CancellationToken.None)
            : Nothing;

    public async Task<Page<AttemptDetails>> ListByMessage(string application, string message, AttemptFilter filter, PageRequest page) =>
        EntityId.TryParse(EntityId.Application, application, out var app)
            ? await reads.ListAttemptsByMessageAsync(app, message, filter, page, CancellationToken.None)
            : Nothing;
}
