using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage;

internal static class StoredMessages
{
    /// <summary>The message in the words of the API.</summary>
    public static MessageDetails ToDetails(StoredMessage message) => new()
    {
        Id = EntityId.Format(EntityId.Message, message.Id),
        EventType = message.EventType,
        EventId = message.EventId,
        Channels = message.Channels,
        Payload = message.Payload,
        Expired = message.PayloadGone,
        AcceptedAt = message.AcceptedAt,
        OrderingKey = message.OrderingKey,
    };
}
