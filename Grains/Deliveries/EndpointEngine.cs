using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>How an endpoint sends: its own settings over those of the installation.</summary>
/// <param name="Ordering">What order its deliveries keep.</param>
/// <param name="MaxInFlight">Attempts at once at most; 1 in strict order.</param>
/// <param name="WindowMessages">Messages held in memory at most.</param>
/// <param name="BlockedLanes">Blocked lanes at which it reads no further.</param>
/// <param name="Schedule">When a failed message is tried again.</param>
/// <param name="RequestTimeout">Deadline of one attempt.</param>
/// <param name="CircuitFailures">Consecutive failures after which only probes go out.</param>
/// <param name="RampStart">Attempts per second to an endpoint that has just come back.</param>
/// <param name="RampEnd">The rate from which on it is held back no more.</param>
/// <param name="ThrottleRate">Attempts per second at most; null for no limit.</param>
/// <param name="RecoveryRate">Attempts per second of a recovery at most.</param>
/// <param name="DisableAfter">The first failure after so long without a success disables it; zero for never.</param>
internal sealed record EngineSettings(
    OrderingMode Ordering,
    int MaxInFlight,
    int WindowMessages,
    int BlockedLanes,
    RetrySchedule Schedule,
    TimeSpan RequestTimeout,
    int CircuitFailures,
    double RampStart,
    double RampEnd,
    int? ThrottleRate,
    double RecoveryRate,
    TimeSpan DisableAfter);

/// <summary>An attempt to be made.</summary>
internal readonly record struct EngineStart(QueueKind Queue, QueueEntry Entry);

/// <summary>What the engine needs to know of how an attempt ended.</summary>
internal readonly record struct AttemptEnd(bool Success, int StatusCode, string? RetryAfter, ReceiverWish Wish);

/// <summary>What follows from it.</summary>
/// <param name="Attempts">Attempts of the message so far.</param>
/// <param name="Next">When the next one is planned; null when none is.</param>
/// <param name="Disable">Why the endpoint is to be disabled; null when it is not.</param>
internal readonly record struct EngineEnding(int Attempts, DateTimeOffset? Next, string? Disable);

/// <summary>
/// All that one endpoint decides, as pure state: its queue of what is published, a second one of what a recovery sends, and
/// over both of them its circuit, ramp and rates. Time and chance are passed in; not thread-safe.
/// </summary>
internal sealed partial class EndpointEngine
{
    /// <summary>When both queues have something to send, this many starts go to what is published for one to a recovery.</summary>
    private const int LiveShare = 3;

    /// <summary>Of the attempts that may be in flight, a recovery has this part beside them.</summary>
    private const int RecoveryPart = 4;

    private const int Gone = 410;
    private const int BurstsPerSecond = 10;

    private EngineSettings _settings;
    private EndpointGovernor _governor;
    private TokenBucket _pace;
    private int _liveStarts;

    /// <param name="settings">How it sends.</param>
    /// <param name="position">Everything up to here is done or parked.</param>
    /// <param name="health">As it was left by whoever held the endpoint before.</param>
    /// <param name="now">Now.</param>
    public EndpointEngine(EngineSettings settings, long position, EndpointHealth health, DateTimeOffset now)
    {
        _settings = settings;
        _governor = MakeGovernor(health, now);
        _pace = MakePace(now);
        Live = new DeliveryQueue(settings.Ordering, settings.MaxInFlight, position, settings.WindowMessages, settings.BlockedLanes);
        Recovery = MakeRecoveryQueue(0);
    }

    /// <summary>What is published.</summary>
    public DeliveryQueue Live { get; }

    /// <summary>What a recovery sends; empty while none is under way.</summary>
    public DeliveryQueue Recovery { get; private set; }

    public EndpointHealth Health => _governor.Health;

    public bool IsOpen => _governor.IsOpen;

    /// <summary>Whether nothing of a recovery is started: its queue is about to be replaced.</summary>
    public bool HoldRecovery { get; set; }

    /// <summary>Attempts in flight.</summary>
    public int InFlight => Live.InFlight + Recovery.InFlight;

    public DeliveryQueue this[QueueKind queue] => queue == QueueKind.Live ? Live : Recovery;

    /// <summary>Takes other settings; an other order or limit of attempts needs a new engine.</summary>
    public void Change(EngineSettings settings, DateTimeOffset now)
    {
        var rates = (_settings.ThrottleRate, _settings.RecoveryRate);
        _settings = settings;
        if (rates != (settings.ThrottleRate, settings.RecoveryRate))
        {
            _governor = MakeGovernor(Health, now);
            _pace = MakePace(now);
        }
    }

    /// <summary>A recovery goes on from here, with what the ones before it and it itself have parked.</summary>
    public void BeginRecovery(long position, IEnumerable<ParkedRow> laneHeads, DateTimeOffset now)
    {
        if (Recovery.InFlight > 0)
        {
            throw new InvalidOperationException("A recovery cannot begin while an attempt of another one is in flight.");
        }

        Recovery = MakeRecoveryQueue(position);
        Recovery.Load(laneHeads, now);
    }

    /// <summary>The next attempt to make, now in flight; false when there is none, or the endpoint is held back.</summary>
    public bool TryStart(DateTimeOffset now, out EngineStart start)
    {
        start = default;
        if (Choose(now) is not { } kind)
        {
            return false;
        }

        var queue = this[kind];
        if (!_governor.TryStart(now, _governor.IsOpen ? InFlight : queue.InFlight) || !queue.TryNext(now, out var entry))
        {
            return false;
        }

        if (kind == QueueKind.Recovery)
        {
            _pace.TryTake(now);
            _liveStarts = 0;
        }
        else
        {
            _liveStarts++;
        }

        start = new EngineStart(kind, entry);
        return true;
    }

    /// <summary>Whether <see cref="TryStart"/> would find something, but for the rates of the endpoint itself.</summary>
    public bool HasNext(DateTimeOffset now) => Choose(now) is not null;

    /// <summary>Attempts that could start now, but for the rates; at least 1.</summary>
    public int CountReady(DateTimeOffset now) =>
        Math.Clamp(Live.CountReady(now) + Recovery.CountReady(now), 1, _governor.IsOpen ? 1 : Math.Max(1, _governor.Limit - Live.InFlight));

    /// <summary>When something may be started next, as far as time is what it waits for; null when it is not.</summary>
    /// <param name="now">Now.</param>
    /// <param name="moreInLog">Whether the log holds more than was read.</param>
    /// <param name="heldUntil">Until when somebody else holds all attempts back; null when nobody does.</param>
    public DateTimeOffset? NextStart(DateTimeOffset now, bool moreInLog, DateTimeOffset? heldUntil)
    {
        var held = Later(_governor.NextStart(now), heldUntil);
        var live = NextStart(Live, now, held, moreInLog && Live.Room > 0);
        var pace = _pace.NextAt(now);
        var recovery = NextStart(Recovery, now, Later(held, pace > now ? pace : null), more: false);
        return live is null || recovery < live ? recovery ?? live : live;
    }

    /// <summary>When the endpoint's circuit, ramp or throttle let something go; null when they do now.</summary>
    public DateTimeOffset? HeldUntil(DateTimeOffset now) => _governor.NextStart(now);

    private static DateTimeOffset? NextStart(DeliveryQueue queue, DateTimeOffset now, DateTimeOffset? held, bool more)
    {
        var due = queue.NextDue;
        if (held is not null && (queue.HasReady || due < held || more))
        {
            return held;
        }

        // What is due while attempts are in flight is started when one of them ends.
        return due <= now && queue.InFlight > 0 ? null : due;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;

    private QueueKind? Choose(DateTimeOffset now)
    {
        if (_governor.IsOpen && InFlight > 0)
        {
            return null;
        }

        var live = Live.InFlight < _governor.Limit && Live.HasNext(now);
        var recovery = !HoldRecovery && Recovery.InFlight < Math.Max(1, _governor.Limit / RecoveryPart) && Recovery.HasNext(now) && _pace.NextAt(now) <= now;
        return recovery && (!live || _liveStarts >= LiveShare) ? QueueKind.Recovery
            : live ? QueueKind.Live
            : null;
    }

    private DeliveryQueue MakeRecoveryQueue(long position) => new(
        _settings.Ordering,
        Math.Max(1, _settings.MaxInFlight / RecoveryPart),
        position,
        _settings.WindowMessages,
        _settings.BlockedLanes);

    private EndpointGovernor MakeGovernor(EndpointHealth health, DateTimeOffset now) => new(
        health,
        new GovernorLimits(
            _settings.Ordering == OrderingMode.Strict ? 1 : _settings.MaxInFlight,
            _settings.CircuitFailures,
            _settings.RampStart,
            _settings.RampEnd,
            _settings.ThrottleRate),
        now);

    private TokenBucket MakePace(DateTimeOffset now) => new(_settings.RecoveryRate, _settings.RecoveryRate / BurstsPerSecond, now);
}
