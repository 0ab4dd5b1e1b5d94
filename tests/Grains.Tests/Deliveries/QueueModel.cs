using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>
/// A queue beside a store in memory that keeps what was committed, and a judge of every step: nothing is tried before
/// the earlier ones of its lane are settled, nothing settled in the store is tried again, nothing is lost.
/// </summary>
internal sealed class QueueModel
{
    private const int Window = 4;
    private const int BlockedLanes = 6;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly OrderingMode _mode;
    private readonly string?[] _log;
    private readonly SortedDictionary<long, ParkedRow> _parked = [];
    private readonly HashSet<long> _committed = [];
    private readonly HashSet<long> _settled = [];
    private readonly List<QueueEntry> _inFlight = [];
    private long _position;
    private DateTimeOffset _now = Start;
    private DeliveryQueue _queue;
    private QueueChanges? _flushing;

    /// <param name="log">The ordering key of each entry for this endpoint; null where the entry is not for it.</param>
    public QueueModel(OrderingMode mode, string?[] log)
    {
        _mode = mode;
        _log = log;
        _queue = NewQueue();
    }

    public int MaxInFlightSeen { get; private set; }

    public void Read()
    {
        var taken = 0;
        while (_queue.ReadUpTo < _log.Length)
        {
            var seq = _queue.ReadUpTo + 1;
            if (_log[seq - 1] is not { } key)
            {
                _queue.Advance(seq);
                continue;
            }

            if (_queue.Room == 0 && !_queue.ParkOldest(_now))
            {
                return;
            }

            if (_queue.Room == 0 || taken++ == Window)
            {
                return;
            }

            _queue.Take(new LogMessage(seq, Guid.Empty, "t", Start, key, [1]));
        }
    }

    public void Send()
    {
        while (_queue.TryNext(_now, out var entry))
        {
            Assert.DoesNotContain(entry.Seq, _settled);
            for (var earlier = 1L; earlier < entry.Seq; earlier++)
            {
                if (_log[earlier - 1] is { } key && SameLane(earlier, key, entry.Seq))
                {
                    Assert.True(_settled.Contains(earlier), $"{entry.Seq} was tried before {earlier} was settled");
                }
            }

            _inFlight.Add(entry);
            MaxInFlightSeen = Math.Max(MaxInFlightSeen, _inFlight.Count);
            Assert.True(_inFlight.Count <= _queue.MaxInFlight);
        }
    }

    public void End(int which, int outcome)
    {
        if (_inFlight.Count == 0)
        {
            return;
        }

        var entry = _inFlight[which % _inFlight.Count];
        _inFlight.Remove(entry);
        switch (outcome % 5)
        {
            case 0:
                _queue.Retry(entry, _now.AddSeconds(1 + (outcome % 7)), _now);
                break;
            case 1:
                _queue.GiveUp(entry, "exhausted", _now);
                _settled.Add(entry.Seq);
                break;
            case 2:
                _queue.PutBack(entry, _now);
                break;
            default:
                _queue.Succeed(entry);
                _settled.Add(entry.Seq);
                break;
        }
    }

    public void BeginFlush() => _flushing ??= _queue.TakeChanges();

    public void EndFlush()
    {
        if (_flushing is not { } changes)
        {
            return;
        }

        _flushing = null;
        Assert.True(changes.Position >= _position, "the cursor went backwards");
        for (var seq = _position + 1; seq <= changes.Position; seq++)
        {
            var parked = changes.Parked.Any(p => p.Seq == seq) || _parked.ContainsKey(seq);
            Assert.True(_log[seq - 1] is null || _settled.Contains(seq) || parked, $"the cursor passed {seq}, which is neither done nor parked");
        }

        _position = changes.Position;
        Assert.All(changes.Parked, row => Assert.True(row.Seq <= _position, $"{row.Seq} is parked ahead of the cursor at {_position}"));
        foreach (var row in changes.Parked)
        {
            _parked[row.Seq] = row;
        }

        foreach (var seq in changes.Unparked)
        {
            _parked.Remove(seq);
        }

        for (var seq = 1L; seq <= _position; seq++)
        {
            if (_log[seq - 1] is not null && !_parked.ContainsKey(seq))
            {
                _committed.Add(seq);
            }
        }
    }

    public void LoadLanes()
    {
        while (_queue.TryGetLaneToLoad(out var lane))
        {
            BeginFlush();
            EndFlush();
            BeginFlush();
            EndFlush();
            var head = _parked.Values.FirstOrDefault(p => p.Lane == lane);
            _queue.LaneLoaded(lane, head, _now);
        }
    }

    public void Crash()
    {
        _inFlight.Clear();
        _flushing = null;
        _settled.Clear();
        _settled.UnionWith(_committed);
        _queue = NewQueue();
    }

    public void DropWindow()
    {
        if (_inFlight.Count == 0)
        {
            _queue.DropWindow();
        }
    }

    public void Wait(int seconds) => _now = _now.AddSeconds(seconds);

    /// <summary>Everything succeeds from now on: everything must be settled in the end, and the store must know.</summary>
    public void Finish()
    {
        for (var round = 0; round < 40 * (_log.Length + 5); round++)
        {
            Read();
            Send();
            End(0, 3);
            LoadLanes();
            Wait(10);
        }

        while (_inFlight.Count > 0)
        {
            End(0, 3);
        }

        EndFlush();
        BeginFlush();
        EndFlush();
        Assert.Equal(_log.Length, _position);
        Assert.Empty(_parked);
        Assert.True(_queue.IsEmpty);
        Assert.Equal(Enumerable.Range(1, _log.Length).Select(static i => (long)i).Where(i => _log[i - 1] is not null), _settled.Order());
    }

    private bool SameLane(long earlier, string key, long later) => _mode switch
    {
        OrderingMode.Strict => true,
        OrderingMode.Key => key == _log[later - 1],
        _ => earlier == later,
    };

    private DeliveryQueue NewQueue()
    {
        var queue = new DeliveryQueue(_mode, 3, _position, Window, BlockedLanes);
        queue.Load(_parked.Values.GroupBy(static p => p.Lane).Select(static lane => lane.First()), _now);
        return queue;
    }
}
