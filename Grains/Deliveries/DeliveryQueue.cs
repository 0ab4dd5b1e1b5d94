using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>
/// The order of one endpoint's deliveries, as pure state: a window of next messages from the log, lanes over them, and
/// what is parked. A lane is what must keep its order: all messages in strict, those of one ordering key in key, each
/// by itself in none. One attempt is in flight per lane, and a lane whose head is parked is blocked for all that follows.
/// </summary>
/// <remarks>
/// The one parking rule: the position passes an entry only together with its success, its dead letter or its parked row
/// (see <see cref="TakeChanges"/>). Not thread-safe; its owner calls it in turns.
/// </remarks>
internal sealed partial class DeliveryQueue
{
    private const int KeptHeadBytes = 16 * 1024;

    private readonly OrderingMode _mode;
    private readonly int _windowMessages;
    private readonly int _blockedLanes;
    private readonly LinkedList<QueueEntry> _window = new();
    private readonly Dictionary<long, DeliveryLane> _lanes = [];
    private readonly SortedSet<(DateTimeOffset Due, long Seq, long Lane)> _due = [];
    private readonly SortedSet<(long Seq, long Lane)> _ready = [];
    private readonly Queue<long> _toLoad = new();
    private readonly SortedSet<long> _ahead = [];
    private QueueChanges _changes = new();
    private int _blocked;
    private long _position;
    private long _lastLeft;

    public DeliveryQueue(OrderingMode mode, int maxInFlight, long position, int windowMessages, int blockedLanes)
    {
        _mode = mode;
        MaxInFlight = mode == OrderingMode.Strict ? 1 : maxInFlight;
        _windowMessages = windowMessages;
        _blockedLanes = blockedLanes;
        _position = position;
        ReadUpTo = position;
    }

    /// <summary>Attempts that may be in flight at once.</summary>
    public int MaxInFlight { get; }

    /// <summary>Attempts in flight.</summary>
    public int InFlight { get; private set; }

    /// <summary>How far the log has been taken in.</summary>
    public long ReadUpTo { get; private set; }

    /// <summary>Everything up to here is done or parked.</summary>
    public long Position => _window.First is { } first ? first.Value.Seq - 1 : ReadUpTo;

    /// <summary>Payload bytes held by the window.</summary>
    public long WindowBytes { get; private set; }

    /// <summary>Messages held by the window.</summary>
    public int WindowCount => _window.Count;

    /// <summary>Whether anything is known that is not done.</summary>
    public bool IsEmpty => _window.Count == 0 && _blocked == 0;

    /// <summary>When the first entry was accepted that is known and not done; null when that is not known.</summary>
    public DateTimeOffset? OldestAcceptedAt
    {
        get
        {
            var next = _window.First?.Value;
            var parked = FirstParked;
            return parked is null || next?.Seq < parked.Seq ? next?.AcceptedAt : parked.AcceptedAt ?? next?.AcceptedAt;
        }
    }

    /// <summary>Lanes with a parked head.</summary>
    public int BlockedLanes => _blocked;

    /// <summary>When the next parked head is due; null when none is waiting for its time.</summary>
    public DateTimeOffset? NextDue => _due.Count == 0 ? null : _due.Min.Due;

    /// <summary>Whether an entry of a free lane waits for nothing but its turn.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Whether <see cref="TakeChanges"/> would carry more than a moved position.</summary>
    public bool HasChanges => !_changes.IsEmpty;

    /// <summary>Whether another attempt could run beside those in flight, if only the window held a message of a free lane.</summary>
    public bool IsStarved => _mode != OrderingMode.Strict && InFlight < MaxInFlight && _ready.Count == 0;

    /// <summary>A lane whose next parked entry must be read from the store, after all changes are committed.</summary>
    public bool TryGetLaneToLoad(out long lane) => _toLoad.TryPeek(out lane);

    /// <summary>
    /// Messages that may be taken from the log now; 0 when the window is full or what is parked forbids reading on.
    /// In strict order nothing is read while the head is parked: the queue waits in the log.
    /// </summary>
    public int Room
    {
        get
        {
            if (_blocked >= _blockedLanes || (_mode == OrderingMode.Strict && _blocked > 0))
            {
                return 0;
            }

            return Math.Max(0, _windowMessages - _window.Count);
        }
    }

    /// <summary>Takes the next message from the log. Its seq lies above <see cref="ReadUpTo"/>.</summary>
    public void Take(LogMessage message) => Take(message.Seq, message.OrderingKey, message);

    /// <summary>The same for a message whose content is read when its turn comes.</summary>
    public void Take(long seq, string? orderingKey, LogMessage? message = null)
    {
        if (seq <= ReadUpTo)
        {
            throw new ArgumentOutOfRangeException(nameof(seq), seq, "The log was already read up to " + ReadUpTo + ".");
        }

        ReadUpTo = seq;
        if (IsSettledAhead(seq))
        {
            // As if it had left the window: what lies before it must not make the position fall behind it again.
            _lastLeft = Math.Max(_lastLeft, seq);
            return;
        }

        var entry = new QueueEntry { Seq = seq, Lane = LaneOf(seq, orderingKey), Message = message, AcceptedAt = message?.AcceptedAt, TraceParent = message?.TraceParent };
        entry.Node = _window.AddLast(entry);
        WindowBytes += message?.Payload?.Length ?? 0;
        var lane = GetLane(entry.Lane);
        lane.Waiting.AddLast(entry);
        MarkReady(lane);
    }

    /// <summary>Says whose call a message of the window came by.</summary>
    public void Trace(long seq, string traceParent)
    {
        if (_window.FirstOrDefault(entry => entry.Seq == seq) is { } entry)
        {
            entry.TraceParent ??= traceParent;
        }
    }

    /// <summary>The log holds nothing more for this endpoint up to here.</summary>
    public void Advance(long upTo) => ReadUpTo = Math.Max(ReadUpTo, upTo);

    /// <summary>Whether there is an entry to try now, and room to try it.</summary>
    public bool HasNext(DateTimeOffset now) => InFlight < MaxInFlight && (_ready.Count > 0 || (_due.Count > 0 && _due.Min.Due <= now));

    /// <summary>Entries that could be tried now; of those that were parked one counts for all.</summary>
    public int CountReady(DateTimeOffset now) => _ready.Count + (_due.Count > 0 && _due.Min.Due <= now ? 1 : 0);

    /// <summary>The next entry to try, now in flight; false when there is none, or enough are.</summary>
    public bool TryNext(DateTimeOffset now, out QueueEntry entry)
    {
        entry = null!;
        if (InFlight >= MaxInFlight)
        {
            return false;
        }

        if (_due.Count > 0 && _due.Min.Due <= now)
        {
            var next = _due.Min;
            _due.Remove(next);
            entry = _lanes[next.Lane].Head!;
        }
        else if (_ready.Count > 0)
        {
            var next = _ready.Min;
            _ready.Remove(next);
            entry = _lanes[next.Lane].Waiting.First!.Value;
        }
        else
        {
            return false;
        }

        entry.InFlight = true;
        InFlight++;
        return true;
    }

    /// <summary>The entry in flight was not tried after all; it is due again at <paramref name="due"/> without having used an attempt.</summary>
    public void PutBack(QueueEntry entry, DateTimeOffset due)
    {
        if (IsOver(entry, due))
        {
            return;
        }

        Land(entry);
        if (entry.IsParked)
        {
            entry.Due = due;
            _due.Add((due, entry.Seq, entry.Lane));
        }
        else
        {
            MarkReady(_lanes[entry.Lane]);
        }
    }

    /// <summary>Whatever waits for its time is due now: somebody wants to know whether the receiver is back.</summary>
    public void Hasten(DateTimeOffset now)
    {
        var waiting = _due.Where(d => d.Due > now).ToArray();
        foreach (var (due, seq, lane) in waiting)
        {
            _due.Remove((due, seq, lane));
            _due.Add((now, seq, lane));
            _lanes[lane].Head!.Due = now;
        }
    }

    /// <summary>The entry was delivered.</summary>
    public void Succeed(QueueEntry entry) => Settle(entry);

    /// <summary>The entry is given up.</summary>
    public void GiveUp(QueueEntry entry, string reason, DateTimeOffset at)
    {
        if (!entry.IsDelivered)
        {
            _changes.DeadLetters.Add(new DeadLetterRow(entry.Seq, entry.Seq, reason, at));
        }

        Settle(entry);
    }

    /// <summary>The attempt failed; the entry is parked and due again.</summary>
    public void Retry(QueueEntry entry, DateTimeOffset due, DateTimeOffset now)
    {
        if (IsOver(entry, now))
        {
            return;
        }

        Land(entry);
        entry.Attempts++;
        var lane = _lanes[entry.Lane];
        if (!entry.IsParked)
        {
            // No parked row lies ahead of the position: a successor would try it before what the log still holds of its lane.
            while (_window.First!.Value != entry)
            {
                Park(_window.First.Value, now);
            }

            Unwindow(entry);
            lane.Waiting.Remove(entry);
            SetHead(lane, entry);
        }

        entry.Due = due;
        _due.Add((due, entry.Seq, entry.Lane));
        if (_mode != OrderingMode.Strict || entry.Message?.Payload is { Length: > KeptHeadBytes })
        {
            entry.Message = null;
        }

        _changes.Park(new ParkedRow(entry.Seq, ParkedKind.Retry, entry.Lane, entry.Attempts, due));
    }

    /// <summary>
    /// Forgets the window: its entries are read from the log again. What lies before an entry that has left it already is
    /// parked, so that the position can pass that one and it is not sent twice. Only while nothing of it is in flight.
    /// Returns how many were forgotten.
    /// </summary>
    public int DropWindow()
    {
        if (_window.Any(static e => e.InFlight))
        {
            return 0;
        }

        while (_window.First is { } first && first.Value.Seq < _lastLeft)
        {
            ParkBehind(first.Value);
        }

        if (_window.First is { } rest)
        {
            ReadUpTo = rest.Value.Seq - 1;
        }

        foreach (var entry in _window)
        {
            var lane = _lanes[entry.Lane];
            lane.Waiting.Remove(entry);
            _ready.Remove((entry.Seq, entry.Lane));
            DropIfIdle(lane);
        }

        var forgotten = _window.Count;
        _window.Clear();
        WindowBytes = 0;
        return forgotten;
    }

    /// <summary>Everything to be committed together: the position and what let it move.</summary>
    public QueueChanges TakeChanges()
    {
        var changes = _changes;
        _changes = new QueueChanges();
        _position = Math.Max(_position, Position);
        changes.Position = _position;
        return changes;
    }

    private long LaneOf(long seq, string? orderingKey) => LaneKey.Of(_mode, orderingKey, seq);

    /// <summary>Whether an entry that is being read was settled beside the order before its turn came.</summary>
    private bool IsSettledAhead(long seq)
    {
        while (_ahead.Count > 0 && _ahead.Min < seq)
        {
            _ahead.Remove(_ahead.Min);
        }

        return _ahead.Remove(seq);
    }

    private DeliveryLane GetLane(long key)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes.Add(key, lane = new DeliveryLane(key));
        }

        return lane;
    }

    private void Settle(QueueEntry entry)
    {
        Land(entry);
        Leave(entry);
    }

    /// <summary>The entry, which is not in flight, is done with.</summary>
    private void Leave(QueueEntry entry)
    {
        var lane = _lanes[entry.Lane];
        if (entry.IsParked)
        {
            lane.Head = null;
            _heads.Remove((entry.Seq, lane.Key));
            _changes.Unpark(entry.Seq);
            if (lane.MoreParked)
            {
                lane.Loading = true;
                _toLoad.Enqueue(lane.Key);
                return;
            }

            _blocked--;
        }
        else
        {
            Unwindow(entry);
            lane.Waiting.Remove(entry);
        }

        MarkReady(lane);
        DropIfIdle(lane);
    }

    private void Land(QueueEntry entry)
    {
        if (!entry.InFlight)
        {
            throw new InvalidOperationException("Entry " + entry.Seq + " is not in flight.");
        }

        entry.InFlight = false;
        InFlight--;
    }

    private void Unwindow(QueueEntry entry)
    {
        _window.Remove(entry.Node!);
        entry.Node = null;
        _lastLeft = Math.Max(_lastLeft, entry.Seq);
        WindowBytes -= entry.Message?.Payload?.Length ?? 0;
    }

    private void MarkReady(DeliveryLane lane)
    {
        if (lane.Head is null && !lane.Loading && lane.Waiting.First is { Value: { InFlight: false } first })
        {
            _ready.Add((first.Seq, lane.Key));
        }
    }

    private void DropIfIdle(DeliveryLane lane)
    {
        if (lane.Head is null && !lane.Loading && lane.Waiting.Count == 0)
        {
            _lanes.Remove(lane.Key);
        }
    }
}
