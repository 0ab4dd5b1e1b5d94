namespace Webhooks.Grains.Deliveries;

/// <summary>What must keep its order: a parked head that blocks it, and entries of the window behind.</summary>
internal sealed class DeliveryLane(long key)
{
    public long Key { get; } = key;

    /// <summary>The parked entry that blocks the lane.</summary>
    public QueueEntry? Head { get; set; }

    /// <summary>Whether the store may hold parked rows behind the head.</summary>
    public bool MoreParked { get; set; }

    /// <summary>Whether the next head is being read from the store; the lane stays blocked.</summary>
    public bool Loading { get; set; }

    /// <summary>Whether an entry was parked behind while the store was asked for the next head.</summary>
    public bool ParkedWhileLoading { get; set; }

    /// <summary>Window entries of the lane.</summary>
    public LinkedList<QueueEntry> Waiting { get; } = new();
}
