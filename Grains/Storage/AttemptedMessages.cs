using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

internal static class AttemptedMessages
{
    /// <summary>What came of a message, from whether it was delivered and whether a further attempt is planned.</summary>
    public static AttemptedMessage Judge(StoredMessage message, bool delivered, bool planned, DateTimeOffset? due) => delivered
        ? new AttemptedMessage(message, AttemptedStatus.Success, null)
        : planned
            ? new AttemptedMessage(message, AttemptedStatus.Sending, due)
            : new AttemptedMessage(message, AttemptedStatus.Fail, null);
}
