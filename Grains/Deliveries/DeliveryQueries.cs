using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

[StatelessWorker]
[GrainType("delivery-queries")]
internal sealed partial class DeliveryQueries(IDeliveryReads reads, IRecoveryStore recoveries, StoreClock clock) : Grain, IDeliveryQueries
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

    public async Task<Page<AttemptedMessageDetails>> ListMessages(string application, string endpoint, MessageFilter filter, AttemptedStatus? status, PageRequest page)
    {
        if (!EntityId.TryParse(EntityId.Application, application, out var app) || !EntityId.TryParse(EntityId.Endpoint, endpoint, out var id))
        {
            return new Page<AttemptedMessageDetails>([], false);
        }

        var now = clock.GetUtcNow();
        var rows = await reads.ListAttemptedMessagesAsync(app, id, filter, status, page, CancellationToken.None);
        return new Page<AttemptedMessageDetails>(
            [.. rows.Items.Select(r => new AttemptedMessageDetails(StoredMessages.ToDetails(r.Message, now), r.Status, r.NextAttemptAt))],
            rows.HasMore);
    }

    public async Task<Page<AttemptedEndpointDetails>> ListEndpoints(string application, string message, PageRequest page)
    {
        if (!EntityId.TryParse(EntityId.Application, application, out var app))
        {
            return new Page<AttemptedEndpointDetails>([], false);
        }

        var rows = await reads.ListAttemptedEndpointsAsync(app, message, page, CancellationToken.None);
        return new Page<AttemptedEndpointDetails>([.. rows.Items.Select(static r => new AttemptedEndpointDetails(r.Endpoint, r.Status, r.NextAttemptAt))], rows.HasMore);
    }

    public async Task<Page<RecoverProgress>> ListTasks(string organization, RecoverStatus? status, RecoverKind? kind, PageRequest page)
    {
        var rows = await recoveries.ListAsync(organization, status, kind, page, CancellationToken.None);
        return new Page<RecoverProgress>([.. rows.Items.Select(RecoverTaskGrain.ToProgress)], rows.HasMore);
    }

    public async Task<AttemptStatistics> Count(string endpoint, DateTimeOffset since, DateTimeOffset until)
    {
        if (!EntityId.TryParse(EntityId.Endpoint, endpoint, out var id))
        {
            return new AttemptStatistics(0, 0);
        }

        var counts = await reads.CountAttemptsAsync(id, TimeRange.LowestId(since), TimeRange.LowestId(until), CancellationToken.None);
        return new AttemptStatistics(counts.Succeeded, counts.Failed);
    }
}
