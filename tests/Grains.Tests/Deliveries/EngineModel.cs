using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>
/// An endpoint's engine beside a store in memory that keeps what was committed, and a judge of every step. What happens to
/// an endpoint is told by the caller: receivers answer, operators interfere, processes end.
/// </summary>
internal sealed partial class EngineModel
{
    public const int MaxAttempts = 4;

    private const int Window = 4;
    private const int BlockedLanes = 6;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetrySchedule Schedule = new([1, 3, 9], 0);

    private readonly OrderingMode _mode;
    private readonly string?[] _log;
    private readonly ModelStore _store = new();
    private readonly List<(EngineStart Start, DateTimeOffset At)> _inFlight = [];
    private readonly List<long> _beside = [];
    private readonly HashSet<long> _settled = [];
    private readonly HashSet<long> _delivered = [];
    private readonly List<long> _tried = [];
    private readonly Random _random = new(1);
    private DateTimeOffset _now = Start;
    private EndpointEngine _engine;
    private ModelFlush? _flushing;
    private bool _paused;

    /// <param name="mode">The endpoint's order.</param>
    /// <param name="log">The ordering key of each entry for this endpoint; null where the entry is not for it.</param>
    public EngineModel(OrderingMode mode, string?[] log)
    {
        _mode = mode;
        _log = log;
        _engine = Load();
    }

    private bool IsHeld => _paused || _engine.Health.DisabledReason is not null;

    public void Read()
    {
        if (IsHeld)
        {
            return;
        }

        for (var taken = 0; _engine.Live.ReadUpTo < _log.Length;)
        {
            var seq = _engine.Live.ReadUpTo + 1;
            if (_log[seq - 1] is not { } key)
            {
                _engine.Live.Advance(seq);
                continue;
            }

            if ((_engine.Live.Room == 0 && !_engine.Live.ParkOldest(_now)) || _engine.Live.Room == 0 || taken++ == Window)
            {
                return;
            }

            _engine.Live.Take(new LogMessage(seq, Guid.Empty, "t", Start, key, [1]));
        }
    }

    public void Send()
    {
        while (!IsHeld)
        {
            var (wasOpen, before, next) = (_engine.IsOpen, _engine.InFlight, _engine.Health.NextAttemptAt);
            if (!_engine.TryStart(_now, out var start))
            {
                return;
            }

            Assert.True(!wasOpen || (before == 0 && (next is null || next <= _now)), $"a probe went out at {_now} beside {before} others, the next one was due at {next}");
            Assert.True(start.Entry.Attempts < MaxAttempts, $"{start.Entry.Seq} was tried more often than its schedule allows");
            if (start.Queue == QueueKind.Live)
            {
                AssertIsNext(start.Entry.Seq);
                Assert.True(_inFlight.Count(static f => f.Start.Queue == QueueKind.Live) < _engine.Live.MaxInFlight);
            }
            else
            {
                AssertRecoveryIsNext(start.Entry.Seq);
            }

            _inFlight.Add((start, _now));
        }
    }

    /// <summary>A receiver's answer, or none: success, timeout, 409, 410, 429 with and without a wait, 503, or a wish.</summary>
    public void End(int which, int outcome)
    {
        if (_inFlight.Count == 0)
        {
            return;
        }

        var (start, at) = _inFlight[which % _inFlight.Count];
        _inFlight.RemoveAt(which % _inFlight.Count);
        var end = (outcome % 12) switch
        {
            0 => new AttemptEnd(false, 0, null, ReceiverWish.None),
            1 => new AttemptEnd(false, 409, null, ReceiverWish.None),
            2 => new AttemptEnd(false, 429, (outcome % 30).ToString(System.Globalization.CultureInfo.InvariantCulture), ReceiverWish.None),
            3 => new AttemptEnd(false, 503, null, ReceiverWish.None),
            4 => new AttemptEnd(false, 400, null, ReceiverWish.AbortMessage),
            5 when outcome % 5 == 0 => new AttemptEnd(false, 410, null, ReceiverWish.None),
            6 when outcome % 5 == 0 => new AttemptEnd(false, 500, null, ReceiverWish.Disable),
            _ => new AttemptEnd(true, 200, null, ReceiverWish.None),
        };
        if (outcome % 12 == 7)
        {
            // Broken off from this side: it does not count.
            _engine[start.Queue].PutBack(start.Entry, _now);
            NoteIfGone(start);
            return;
        }

        End(start, at, end);
    }

    public void Wait(int seconds) => _now = _now.AddSeconds(seconds);

    public void Pause() => _paused = true;

    /// <summary>By an operator, or because what the endpoint had disabled itself for is over.</summary>
    public void Resume()
    {
        if (IsHeld)
        {
            _paused = false;
            _engine.Enable(_now);
        }
    }

    /// <summary>The head, or any waiting message, is skipped.</summary>
    public void Skip(int which)
    {
        BeginFlush();
        EndFlush();
        var waiting = Waiting().ToArray();
        if (waiting.Length == 0)
        {
            return;
        }

        var seq = which % 3 == 0 ? waiting[which % waiting.Length] : waiting[0];
        if (_engine.Live.Skip(seq, "skipped", _now))
        {
            _settled.Add(seq);
        }
    }

    /// <summary>Everything up to a place is given up, by an operator or a limit.</summary>
    public void GiveUp(int which)
    {
        var upTo = which % (_log.Length + 1);
        if (upTo == 0)
        {
            return;
        }

        var waiting = Waiting().Where(seq => seq <= upTo).ToHashSet();
        _engine.Live.GiveUpThrough(upTo, "purged", _now);
        waiting.ExceptWith(_inFlight.Where(static f => f.Start.Queue == QueueKind.Live).Select(static f => f.Start.Entry.Seq));
        _settled.UnionWith(waiting);
    }

    public void BeginResend(int which)
    {
        var known = Enumerable.Range(1, _log.Length).Where(seq => _log[seq - 1] is not null).ToArray();
        if (known.Length > 0 && !IsHeld && _beside.Count < 3)
        {
            _beside.Add(known[which % known.Length]);
        }
    }

    public void EndResend(bool success)
    {
        if (_beside.Count == 0)
        {
            return;
        }

        var seq = _beside[0];
        _beside.RemoveAt(0);
        _tried.Add(seq);
        _engine.EndBeside(seq, success, _now);
        if (success)
        {
            _delivered.Add(seq);
            _settled.Add(seq);
        }
    }

    private void End(EngineStart start, DateTimeOffset at, AttemptEnd end)
    {
        var seq = start.Entry.Seq;
        _tried.Add(seq);
        var ending = _engine.End(start, end, Start, at, _now, _random);
        if (end.Success)
        {
            _delivered.Add(seq);
        }

        Assert.True(end.Success || ending.Next is null || !_delivered.Contains(seq) || start.Queue == QueueKind.Recovery, $"{seq} is to be tried again although it was delivered");
        if (ending.Disable is { } reason && !IsHeld)
        {
            _engine.Disable(reason);
        }

        if (end.Success || ending.Next is null)
        {
            Note(start);
        }
    }

    private void NoteIfGone(EngineStart start)
    {
        if (_engine[start.Queue].Find(start.Entry.Seq) is null)
        {
            Note(start);
        }
    }

    private void Note(EngineStart start)
    {
        if (start.Queue == QueueKind.Live)
        {
            _settled.Add(start.Entry.Seq);
        }
        else
        {
            _recovered.Add(start.Entry.Seq);
        }
    }

    private void AssertIsNext(long seq)
    {
        Assert.True(!_settled.Contains(seq), $"{seq} was tried after it was settled");
        for (var earlier = 1L; earlier < seq; earlier++)
        {
            if (_log[earlier - 1] is { } key && SameLane(earlier, key, seq))
            {
                Assert.True(_settled.Contains(earlier), $"{seq} was tried before {earlier} was settled");
            }
        }
    }

    private IEnumerable<long> Waiting() => Enumerable.Range(1, _log.Length).Select(static i => (long)i).Where(seq => _log[seq - 1] is not null && !_settled.Contains(seq));

    private bool SameLane(long earlier, string key, long later) => _mode switch
    {
        OrderingMode.Strict => true,
        OrderingMode.Key => key == _log[later - 1],
        _ => earlier == later,
    };
}
