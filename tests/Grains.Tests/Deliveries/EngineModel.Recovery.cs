using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>Recoveries of dead letters, one at a time.</summary>
internal sealed partial class EngineModel
{
    /// <summary>A recovery that is under way.</summary>
    private sealed record ModelRecovery(long From, long To, int Since)
    {
        public long Position { get; set; } = From;
    }

    private readonly HashSet<long> _recovered = [];
    private readonly List<long> _taken = [];
    private ModelRecovery? _recovery;
    private bool _recoveryEnds;

    public void Recover(int from, int length)
    {
        if (_recovery is not null || _engine.Recovery.InFlight > 0)
        {
            return;
        }

        FlushAll();
        _recovery = new ModelRecovery(from % (_log.Length + 1), Math.Min(_log.Length, (from % (_log.Length + 1)) + length), _store.Attempts);
        LoadRecovery();
    }

    public void Cancel()
    {
        if (_recovery is not null && !_recoveryEnds)
        {
            _engine.Recovery.Abandon("cancelled", _now);
            _taken.Clear();
            _recoveryEnds = true;
        }
    }

    /// <summary>Finds what is to be sent, as the store does: dead letters that nothing else will send.</summary>
    public void Scan(int pages)
    {
        for (var page = 0; page < pages && _recovery is { } recovery && !_recoveryEnds && !IsHeld; page++)
        {
            var queue = _engine.Recovery;
            while (queue.ReadUpTo < recovery.To && (queue.Room > 0 || queue.ParkOldest(_now)) && queue.Room > 0)
            {
                var seq = queue.ReadUpTo + 1;
                var isCandidate = _log[seq - 1] is not null && _store.IsDead(seq) && seq <= _store.Position && !_store.Parked.ContainsKey(seq) && !_store.WasTriedSince(seq, recovery.Since);
                if (isCandidate)
                {
                    _taken.Add(seq);
                    queue.Take(seq, _log[seq - 1]);
                }

                queue.Advance(seq);
            }

            if (queue.ReadUpTo >= recovery.To && queue.WindowCount == 0)
            {
                _recoveryEnds = true;
            }
        }
    }

    private void LoadRecovery()
    {
        _taken.Clear();
        _recovered.Clear();
        var heads = _store.LaneHeads(QueueKind.Recovery).ToArray();
        _engine.BeginRecovery(_recovery?.Position ?? 0, heads, _now);
    }

    private void RecoveryWritten(ModelFlush flush)
    {
        if (flush.Recovery is null || flush.Recovery != _recovery)
        {
            return;
        }

        _recovery.Position = Math.Max(_recovery.Position, flush.RecoveryPosition);
        if (flush.RecoveryEnds)
        {
            _recovery = null;
            _recoveryEnds = false;
        }
    }

    /// <summary>Within a recovery each lane keeps its order; what an earlier one has left to be tried again comes when it is due.</summary>
    private void AssertRecoveryIsNext(long seq)
    {
        Assert.True(!_recovered.Contains(seq), $"the recovery has tried {seq} after it was settled");
        foreach (var earlier in _taken.Where(taken => _taken.Contains(seq) && taken < seq && SameLane(taken, _log[taken - 1]!, seq)))
        {
            Assert.True(_recovered.Contains(earlier) || _delivered.Contains(earlier), $"the recovery has tried {seq} before {earlier} was settled");
        }
    }
}
