using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Messages;

[StatelessWorker]
[GrainType("message-queries")]
internal sealed class MessageQueries(IDeliveryReads reads, StoreClock clock) : Grain, IMessageQueries
{
    public async Task<MessageDetails?> Find(string application, string idOrEventId, bool withContent) =>
        EntityId.TryParse(EntityId.Application, application, out var id)
        && await reads.FindMessageAsync(id, idOrEventId, withContent, CancellationToken.None) is { } message
            ? StoredMessages.ToDetails(message, clock.GetUtcNow())
            : null;

    public async Task<Page<MessageDetails>> List(string application, MessageFilter filter, PageRequest page)
    {
        if (!EntityId.TryParse(EntityId.Application, application, out var id))
        {
            return new Page<MessageDetails>([], false);
        }

        var now = clock.GetUtcNow();
        var rows = await reads.ListMessagesAsync(id, filter, page, CancellationToken.None);
        return new Page<MessageDetails>([.. rows.Items.Select(row => StoredMessages.ToDetails(row, now))], rows.HasMore);
    }
}
