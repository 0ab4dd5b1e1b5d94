using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Applications;

/// <summary>What may wait for a commit in one silo; past it publishes are refused with the word to come back.</summary>
internal sealed class PublishBudget(IOptions<DeliveryOptions> options)
{
    private int _messages;
    private long _bytes;

    /// <summary>Messages that wait now.</summary>
    public int Messages => Volatile.Read(ref _messages);

    public bool TryEnter(int bytes)
    {
        if (Interlocked.Increment(ref _messages) > options.Value.PendingPublishes
            | Interlocked.Add(ref _bytes, bytes) > options.Value.PendingPublishBytes)
        {
            Leave(bytes);
            return false;
        }

        return true;
    }

    public void Leave(int bytes)
    {
        Interlocked.Decrement(ref _messages);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
