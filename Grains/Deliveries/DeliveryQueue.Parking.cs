using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>Parked entries: what has left the window and is not done, lane by lane.</summary>
internal sealed partial class DeliveryQueue
{
    // Heads of lanes by their place in the log: asked for far more often than they change.
    private readonly SortedSet<(long Seq, long Lane)> _heads = [];

    /// <summary>The first parked entry that heads a lane; null when none does.</summary>
    public QueueEntry? FirstParked => _heads.Count == 0 ? null : _lanes[_heads.Min.Lane].Head;

    /// <summary>Restores what is parked, from the first row of each lane, and which entries after the position are settled.</summary>
    public void Load(IEnumerable<ParkedRow> laneHeads, DateTimeOffset now, IEnumerable<long>? settled = null)
    {
        _ahead.UnionWith(settled ?? []);
        foreach (var row in laneHeads)
        {
            var lane = GetLane(row.Lane);
            lane.MoreParked = _mode != OrderingMode.None;
            SetHead(lane, FromRow(row, now));
        }
    }

    /// <summary>
    /// Parks the window's oldest entry when a full window stands between free capacity and messages of other lanes.
    /// False when nothing was parked: in strict order nothing ever is.
    /// </summary>
    public bool ParkOldest(DateTimeOffset now)
    {
        if (_mode == OrderingMode.Strict || InFlight >= MaxInFlight || _ready.Count > 0 || _blocked >= _blockedLanes
            || _window.Count < _windowMessages)
        {
            return false;
        }

        Park(_window.First!.Value, now);
        return true;
    }

    /// <summary>The lane's next parked row as the store has it; null frees the lane.</summary>
    public void LaneLoaded(long key, ParkedRow? head, DateTimeOffset now)
    {
        if (!_toLoad.TryPeek(out var expected) || expected != key)
        {
            throw new InvalidOperationException("Lane " + key + " was not asked for.");
        }

        _toLoad.Dequeue();
        var lane = _lanes[key];
        if ((head is null && lane.ParkedWhileLoading) || (head is not null && IsGone(head.Seq)))
        {
            // The store was asked before it knew of what has been parked, or has gone, meanwhile: ask again.
            lane.ParkedWhileLoading = false;
            _toLoad.Enqueue(key);
            return;
        }

        lane.Loading = false;
        lane.ParkedWhileLoading = false;
        _blocked--;
        if (_toLoad.Count == 0)
        {
            _gone.Clear();
            _goneThrough = 0;
        }

        if (head is null)
        {
            lane.MoreParked = false;
            MarkReady(lane);
            DropIfIdle(lane);
        }
        else
        {
            SetHead(lane, FromRow(head, now));
        }
    }

    private static QueueEntry FromRow(ParkedRow row, DateTimeOffset now) => new()
    {
        Seq = row.Seq,
        Lane = row.Lane,
        Attempts = row.Attempts,
        Due = row.Due ?? now,
        IsParked = true,
    };

    private void SetHead(DeliveryLane lane, QueueEntry entry)
    {
        if (lane.Waiting.First is { } waiting)
        {
            _ready.Remove((waiting.Value.Seq, lane.Key));
        }

        entry.IsParked = true;
        lane.Head = entry;
        _heads.Add((entry.Seq, lane.Key));
        _blocked++;
        if (!entry.InFlight && entry.Due is { } due)
        {
            _due.Add((due, entry.Seq, entry.Lane));
        }
    }

    private void Park(QueueEntry entry, DateTimeOffset now)
    {
        if (!entry.InFlight)
        {
            ParkBehind(entry);
            return;
        }

        // The row says what a successor must do if this process ends before the attempt does.
        var lane = _lanes[entry.Lane];
        Unwindow(entry);
        lane.Waiting.Remove(entry);
        SetHead(lane, entry);
        entry.Due = now;
        if (!entry.IsDelivered)
        {
            _changes.Park(new ParkedRow(entry.Seq, ParkedKind.Retry, entry.Lane, entry.Attempts, now));
        }
    }

    private void ParkBehind(QueueEntry entry)
    {
        var lane = _lanes[entry.Lane];
        Unwindow(entry);
        lane.Waiting.Remove(entry);
        _ready.Remove((entry.Seq, entry.Lane));
        lane.MoreParked = true;
        if (lane.Loading)
        {
            lane.ParkedWhileLoading = true;
        }
        else if (lane.Head is null)
        {
            lane.Loading = true;
            _blocked++;
            _toLoad.Enqueue(lane.Key);
        }

        _changes.Park(new ParkedRow(entry.Seq, ParkedKind.Behind, entry.Lane, entry.Attempts, null));
    }
}
