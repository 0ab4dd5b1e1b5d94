using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>Commits, and the ends of activations with and without one.</summary>
internal sealed partial class EngineModel
{
    /// <summary>What was taken out of the engine and is on its way into the store.</summary>
    private sealed record ModelFlush(EngineChanges Changes, long[] Delivered, long[] Tried, ModelRecovery? Recovery, long RecoveryPosition, bool RecoveryEnds);

    public void BeginFlush()
    {
        if (_flushing is null)
        {
            _flushing = new ModelFlush(_engine.TakeChanges(), [.. _delivered.Except(_store.Delivered)], [.. _tried], _recovery, _engine.Recovery.Position, _recoveryEnds);
            _tried.Clear();
        }
    }

    public void EndFlush()
    {
        if (_flushing is not { } flush)
        {
            return;
        }

        _flushing = null;
        var changes = flush.Changes;
        Assert.True(changes.Position >= _store.Position, "the cursor went backwards");
        Assert.Empty(changes.Parked.Select(static p => p.Seq).Intersect(changes.Unparked));
        var before = _store.Position;
        _store.Record(changes, flush.Delivered, flush.Tried);
        for (var seq = before + 1; seq <= changes.Position; seq++)
        {
            var known = _store.Delivered.Contains(seq) || _store.IsDead(seq) || _store.Parked.ContainsKey(seq);
            Assert.True(_log[seq - 1] is null || known, $"the cursor passed {seq}, which is neither delivered, nor given up, nor parked");
        }

        Assert.All(changes.Parked.Where(static row => row.Kind is ParkedKind.Retry or ParkedKind.Behind), row => Assert.True(row.Seq <= _store.Position, $"{row.Seq} is parked ahead of the cursor at {_store.Position}"));
        RecoveryWritten(flush);
    }

    public void LoadLanes()
    {
        foreach (var kind in (QueueKind[])[QueueKind.Live, QueueKind.Recovery])
        {
            while (_engine[kind].TryGetLaneToLoad(out var lane))
            {
                FlushAll();
                _engine[kind].LaneLoaded(lane, _store.LaneHead(kind, lane), _now);
            }
        }
    }

    /// <summary>The process ends without a word: what was not committed is forgotten.</summary>
    public void Crash()
    {
        _flushing = null;
        _inFlight.Clear();
        _beside.Clear();
        _tried.Clear();
        _delivered.Clear();
        _delivered.UnionWith(_store.Delivered);
        _settled.Clear();
        _settled.UnionWith(Enumerable.Range(1, _log.Length).Select(static i => (long)i).Where(IsSettledInStore));
        _recoveryEnds = false;
        _engine = Load();
        LoadRecovery();
    }

    /// <summary>The grain is collected: nothing is in flight, all is committed, another one starts from the store.</summary>
    public void Deactivate()
    {
        if (_inFlight.Count == 0 && _beside.Count == 0)
        {
            _engine.DropWindows();
            FlushAll();
            _engine = Load();
            LoadRecovery();
        }
    }

    public void DropWindows()
    {
        _engine.DropWindows();
        // Whether it is still to be recovered is found out anew.
        _taken.RemoveAll(seq => seq > _engine.Recovery.ReadUpTo);
    }

    /// <summary>Everything succeeds from now on: in the end each message was delivered or is a dead letter, and the store says so.</summary>
    public void Finish()
    {
        for (var round = 0; round < 40 * (_log.Length + 8); round++)
        {
            Resume();
            Read();
            Scan(1);
            Send();
            if (_inFlight.Count > 0)
            {
                var (start, at) = _inFlight[0];
                _inFlight.RemoveAt(0);
                End(start, at, new AttemptEnd(true, 200, null, Webhooks.Grains.Sending.ReceiverWish.None));
            }

            EndResend(success: true);
            LoadLanes();
            Wait(5);
        }

        FlushAll();
        Assert.Empty(_inFlight);
        Assert.Equal(_log.Length, _store.Position);
        Assert.Empty(_store.Parked);
        Assert.True(_engine.Live.IsEmpty);
        Assert.Null(_recovery);
        for (var seq = 1L; seq <= _log.Length; seq++)
        {
            Assert.True(_log[seq - 1] is null || _store.Delivered.Contains(seq) || _store.IsDead(seq), $"{seq} is lost");
        }
    }

    private void FlushAll()
    {
        EndFlush();
        BeginFlush();
        EndFlush();
    }

    private bool IsSettledInStore(long seq) =>
        _store.Delivered.Contains(seq)
        || (_log[seq - 1] is not null && !IsLiveParked(seq) && (seq <= _store.Position || _store.IsDead(seq)));

    private bool IsLiveParked(long seq) => _store.Parked.TryGetValue(seq, out var row) && row.Kind is ParkedKind.Retry or ParkedKind.Behind;

    private EndpointEngine Load()
    {
        var engine = new EndpointEngine(
            new EngineSettings(_mode, _mode == OrderingMode.Strict ? 1 : 3, Window, BlockedLanes, Schedule, TimeSpan.FromSeconds(1), 3, 10, 1000, null, 1000, TimeSpan.FromDays(5)),
            _store.Position,
            _store.Health,
            _now);
        engine.Live.Load(_store.LaneHeads(QueueKind.Live), _now, _store.SettledAfter(_store.Position));
        return engine;
    }
}

/// <summary>What a store keeps of one endpoint.</summary>
internal sealed class ModelStore
{
    private readonly HashSet<long> _dead = [];
    private readonly List<(long From, long To)> _stretches = [];
    private readonly List<long> _tried = [];

    public long Position { get; private set; }

    public EndpointHealth Health { get; private set; } = EndpointHealth.Fresh;

    public SortedDictionary<long, ParkedRow> Parked { get; } = [];

    public HashSet<long> Delivered { get; } = [];

    /// <summary>Attempts so far, by which a recovery knows what was tried since it began.</summary>
    public int Attempts => _tried.Count;

    public bool IsDead(long seq) => !Delivered.Contains(seq) && (_dead.Contains(seq) || _stretches.Exists(s => s.From <= seq && seq <= s.To));

    public bool WasTriedSince(long seq, int attempts) => _tried.Skip(attempts).Contains(seq);

    public void Record(EngineChanges changes, long[] delivered, long[] tried)
    {
        Position = Math.Max(Position, changes.Position);
        Health = changes.Health;
        Delivered.UnionWith(delivered);
        _tried.AddRange(tried);
        foreach (var (queue, row) in changes.GivenUp)
        {
            var (lowest, highest) = ParkedKinds.Of(queue);
            foreach (var seq in Parked.Values.Where(p => p.Seq <= row.UpTo && (int)p.Kind >= lowest && (int)p.Kind <= highest && !row.Except.Contains(p.Seq)).Select(static p => p.Seq).ToArray())
            {
                Parked.Remove(seq);
                _dead.Add(seq);
            }
        }

        foreach (var row in changes.Parked)
        {
            Parked[row.Seq] = row;
        }

        foreach (var seq in changes.Unparked)
        {
            Parked.Remove(seq);
        }

        foreach (var row in changes.DeadLetters.Concat(changes.RecoveryDeadLetters))
        {
            if (row.FromSeq == row.ToSeq)
            {
                _dead.Add(row.FromSeq);
            }
            else
            {
                _stretches.Add((row.FromSeq, row.ToSeq));
            }
        }

        _dead.ExceptWith(changes.Revived);
    }

    public IEnumerable<ParkedRow> LaneHeads(QueueKind queue) => Rows(queue).GroupBy(static p => p.Lane).Select(static lane => lane.First()).ToArray();

    public ParkedRow? LaneHead(QueueKind queue, long lane) => Rows(queue).FirstOrDefault(p => p.Lane == lane);

    public long[] SettledAfter(long position) => [.. Delivered.Concat(_dead).Where(seq => seq > position).Distinct().Order()];

    private IEnumerable<ParkedRow> Rows(QueueKind queue)
    {
        var (lowest, highest) = ParkedKinds.Of(queue);
        return Parked.Values.Where(p => (int)p.Kind >= lowest && (int)p.Kind <= highest);
    }
}
