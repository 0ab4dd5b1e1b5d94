using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>Entries that leave the queue without an attempt of their own: delivered beside the order, skipped, given up.</summary>
internal sealed partial class DeliveryQueue
{
    // Parked rows that went while lanes were being loaded, which may have been read before that.
    private readonly HashSet<long> _gone = [];
    private long _goneThrough;

    /// <summary>The first entry that is known and not done; null when none is known.</summary>
    public QueueEntry? First
    {
        get
        {
            var parked = _lanes.Values.Select(static lane => lane.Head).OfType<QueueEntry>().MinBy(static head => head.Seq);
            var next = _window.First?.Value;
            return parked is null || next?.Seq < parked.Seq ? next : parked;
        }
    }

    /// <summary>Whether the store must be asked before it is known what is parked.</summary>
    public bool IsLoading => _toLoad.Count > 0;

    /// <summary>The entry with this seq, when it is in memory.</summary>
    public QueueEntry? Find(long seq) =>
        _lanes.Values.Select(static lane => lane.Head).FirstOrDefault(head => head?.Seq == seq) ?? _window.FirstOrDefault(entry => entry.Seq == seq);

    /// <summary>
    /// The entry with this seq was delivered beside the order, wherever it waits: it is not tried again.
    /// </summary>
    /// <param name="seq">Its place in the log.</param>
    /// <param name="remember">Whether to remember it when it was not read yet; else whoever reads it leaves it out.</param>
    public void SettleBeside(long seq, bool remember = true)
    {
        if (Find(seq) is { } entry)
        {
            if (entry.InFlight)
            {
                entry.IsDelivered = true;
                if (entry.IsParked)
                {
                    // A successor must not try it again, whatever becomes of this attempt.
                    _changes.Unpark(seq);
                }

                return;
            }

            Withdraw(entry);
            Leave(entry);
        }
        else if (seq > ReadUpTo)
        {
            if (remember)
            {
                _ahead.Add(seq);
            }
        }
        else
        {
            // It may be parked behind a lane's head, of which memory knows nothing.
            _changes.Unpark(seq);
            if (IsLoading)
            {
                _gone.Add(seq);
            }
        }
    }

    /// <summary>Gives an entry up that waits; one in flight is given up if it fails. False when it is in flight.</summary>
    public bool Skip(QueueEntry entry, string reason, DateTimeOffset at)
    {
        if (entry.InFlight)
        {
            entry.GivenUp = reason;
            return false;
        }

        Withdraw(entry);
        _changes.DeadLetters.Add(new DeadLetterRow(entry.Seq, entry.Seq, reason, at));
        Leave(entry);
        return true;
    }

    /// <summary>The same by place, also for an entry that memory does not hold: parked behind another one, or not read yet.</summary>
    public bool Skip(long seq, string reason, DateTimeOffset at)
    {
        if (Find(seq) is { } entry)
        {
            return Skip(entry, reason, at);
        }

        SettleBeside(seq);
        _changes.DeadLetters.Add(new DeadLetterRow(seq, seq, reason, at));
        return true;
    }

    /// <summary>
    /// Gives up whatever waits up to this place: what is in memory, what is parked in the store, and the log as far as it
    /// was not read. Entries in flight are given up if they fail. False when some are in flight.
    /// </summary>
    public bool GiveUpThrough(long upTo, string reason, DateTimeOffset at)
    {
        var known = _lanes.Values.Select(static lane => lane.Head).OfType<QueueEntry>().Concat(_window).Where(entry => entry.Seq <= upTo).ToDictionary(static entry => entry.Seq);
        foreach (var row in _changes.Parked.Where(row => row.Seq <= upTo && !known.ContainsKey(row.Seq)).ToArray())
        {
            // Parked behind a head a moment ago: the store does not know of it yet.
            _changes.Unpark(row.Seq);
            _changes.DeadLetters.Add(new DeadLetterRow(row.Seq, row.Seq, reason, at));
        }

        var inFlight = known.Values.Where(entry => !Skip(entry, reason, at)).ToArray();
        foreach (var entry in inFlight.Where(static entry => !entry.IsParked).OrderBy(static entry => entry.Seq))
        {
            // So that the position can pass it: nothing else of the stretch is left.
            Park(entry, at);
        }

        _changes.GivenUp.Add(new GivenUpRow(upTo, reason, at, [.. inFlight.Select(static entry => entry.Seq)]));
        _goneThrough = Math.Max(_goneThrough, upTo);
        if (upTo > ReadUpTo)
        {
            _changes.DeadLetters.Add(new DeadLetterRow(ReadUpTo + 1, upTo, reason, at));
            Advance(upTo);
        }

        return inFlight.Length == 0;
    }

    /// <summary>The entry in flight leaves the queue without a trace: there was nothing to send.</summary>
    public void Drop(QueueEntry entry) => Settle(entry);

    /// <summary>Forgets what has not been tried yet, without a trace, and gives up what was to be tried again.</summary>
    public void Abandon(string reason, DateTimeOffset at)
    {
        foreach (var entry in _window.Where(static entry => !entry.InFlight).ToArray())
        {
            Withdraw(entry);
            Leave(entry);
        }

        GiveUpThrough(ReadUpTo, reason, at);
    }

    /// <summary>Whether the entry in flight is not to be tried again, however its attempt ended; it has left the queue then.</summary>
    private bool IsOver(QueueEntry entry, DateTimeOffset now)
    {
        if (!entry.IsDelivered && entry.GivenUp is null)
        {
            return false;
        }

        GiveUp(entry, entry.GivenUp ?? "", now);
        return true;
    }

    /// <summary>Whether a parked row was taken away while the store was being asked for rows.</summary>
    private bool IsGone(long seq) => seq <= _goneThrough || _gone.Contains(seq);

    /// <summary>Takes a waiting entry off the lists that say what is tried next.</summary>
    private void Withdraw(QueueEntry entry)
    {
        if (!entry.IsParked)
        {
            _ready.Remove((entry.Seq, entry.Lane));
        }
        else if (entry.Due is { } due)
        {
            _due.Remove((due, entry.Seq, entry.Lane));
        }
    }
}
