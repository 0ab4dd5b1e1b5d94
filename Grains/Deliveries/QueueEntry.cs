using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>One message waiting for one endpoint.</summary>
internal sealed class QueueEntry
{
    public required long Seq { get; init; }

    public required long Lane { get; init; }

    /// <summary>The message; null when it must be read from the log again.</summary>
    public LogMessage? Message { get; set; }

    /// <summary>When it was accepted; null while only its place is known.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>The span of its publish, kept over its attempts; null when that is not known here.</summary>
    public string? TraceParent { get; set; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; set; }

    /// <summary>When a parked entry is due.</summary>
    public DateTimeOffset? Due { get; set; }

    public bool InFlight { get; set; }

    /// <summary>Why it is given up if the attempt in flight fails; null when it is not.</summary>
    public string? GivenUp { get; set; }

    /// <summary>Whether it was delivered beside the order while an attempt was in flight: how that one ends no longer matters.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>Whether it has left the window for a parked row.</summary>
    public bool IsParked { get; set; }

    public LinkedListNode<QueueEntry>? Node { get; set; }
}

/// <summary>What must be committed with a moved position.</summary>
internal sealed class QueueChanges
{
    private readonly Dictionary<long, ParkedRow> _parked = [];
    private readonly HashSet<long> _unparked = [];

    public long Position { get; set; }

    public IReadOnlyCollection<ParkedRow> Parked => _parked.Values;

    public IReadOnlyCollection<long> Unparked => _unparked;

    public List<DeadLetterRow> DeadLetters { get; } = [];

    /// <summary>Stretches whose parked rows, also those that memory does not know, are given up.</summary>
    public List<GivenUpRow> GivenUp { get; } = [];

    public bool IsEmpty => _parked.Count == 0 && _unparked.Count == 0 && DeadLetters.Count == 0 && GivenUp.Count == 0;

    public void Park(ParkedRow row)
    {
        _unparked.Remove(row.Seq);
        _parked[row.Seq] = row;
    }

    public void Unpark(long seq)
    {
        _parked.Remove(seq);
        _unparked.Add(seq);
    }
}
