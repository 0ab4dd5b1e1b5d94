using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Storage;

internal static class StoredMessages
{
    /// <summary>The message in the words of the API; a payload whose time is over is not shown, even before it is removed.</summary>
    public static MessageDetails ToDetails(StoredMessage message, DateTimeOffset now) => new()
    {
        Id = EntityId.Format(EntityId.Message, message.Id),
        EventType = message.EventType,
        EventId = message.EventId,
        Channels = message.Channels,
        Payload = message.ExpiresAt <= now ? null : message.Payload,
        Expired = message.PayloadGone || message.ExpiresAt <= now,
        AcceptedAt = message.PublishedAt ?? message.AcceptedAt,
        OrderingKey = message.OrderingKey,
        Tags = message.Tags,
        DeliverAt = message.DeliverAt,
    };
}
