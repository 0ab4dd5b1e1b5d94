using Microsoft.Extensions.Logging;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// An endpoint's part in the rate of its application: start times it was given, asked for when something is ready.
/// Without one nothing is sent. Runs in the endpoint grain's turns.
/// </summary>
/// <param name="application">Id of the application.</param>
/// <param name="throttle">Who gives them out.</param>
/// <param name="clock">The store's time.</param>
/// <param name="changed">Called when it is worth while to look again: a grant has come, or it is time to ask once more.</param>
/// <param name="logger">For grants that do not come.</param>
internal sealed partial class ApplicationThrottle(string application, IApplicationThrottleGrain throttle, TimeProvider clock, Action changed, ILogger logger) : IDisposable
{
    /// <summary>A start time this old is given up: kept, they would gather and be used at once.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(1);

    /// <summary>An answer that has not come by then is not waited for: its silo may be gone.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private const int MostAtOnce = 64;
    private const int RatePerAsk = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private int? _rate;
    private DateTimeOffset _next;
    private TimeSpan _interval;
    private int _left;
    private int _used;
    private bool _wasted;
    private int _most = 1;
    private bool _asking;
    private DateTimeOffset _asksUntil;
    private TimeSpan _pause = FirstPause;

    /// <summary>Attempts per second of the whole application; null for no limit. A change gives up what was granted under the old one.</summary>
    public int? Rate
    {
        get => _rate;
        set
        {
            if (_rate != value)
            {
                _rate = value;
                _left = 0;
            }
        }
    }

    /// <summary>Whether an attempt may start now; asks for start times when there are none.</summary>
    /// <param name="now">Now.</param>
    /// <param name="ready">Attempts that could start if it were not for this limit, from 1.</param>
    public bool MayTake(DateTimeOffset now, int ready)
    {
        if (_rate is not { } rate)
        {
            return true;
        }

        DropStale(now);
        if (_left > 0)
        {
            return _next <= now;
        }

        if (!_asking)
        {
            _asking = true;
            _ = AskAsync(Math.Clamp(Math.Min(ready, Adapt()), 1, Math.Clamp(rate / RatePerAsk, 1, MostAtOnce)), rate);
        }

        return false;
    }

    /// <summary>Uses up a start time that <see cref="MayTake"/> found.</summary>
    public bool TryTake(DateTimeOffset now)
    {
        if (_rate is null)
        {
            return true;
        }

        DropStale(now);
        if (_left == 0 || _next > now)
        {
            return false;
        }

        _next += _interval;
        _left--;
        _used++;
        return true;
    }

    /// <summary>When to look again: at the next start time, or when an answer is overdue. Null when an attempt may start, or nobody has asked.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        if (_rate is null)
        {
            return null;
        }

        DropStale(now);
        DateTimeOffset? next = _left > 0 ? _next : _asking ? _asksUntil : null;
        return next > now ? next : null;
    }

    /// <summary>Asks no more.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void DropStale(DateTimeOffset now)
    {
        while (_left > 0 && now - _next > Stale)
        {
            _next += _interval;
            _left--;
            _wasted = true;
        }
    }

    /// <summary>An endpoint that cannot use what it asks for asks for less: others wait for the same start times.</summary>
    private int Adapt()
    {
        _most = _wasted ? Math.Max(1, _used) : Math.Min(MostAtOnce, _most * 2);
        _used = 0;
        _wasted = false;
        return _most;
    }

    private async Task AskAsync(int wanted, int rate)
    {
        var stop = _stop.Token;
        try
        {
            _asksUntil = clock.GetUtcNow() + AnswerTimeout;
            var grant = await throttle.Reserve(wanted, rate).WaitAsync(AnswerTimeout, clock, stop);
            _pause = FirstPause;
            if (_rate == rate)
            {
                (_next, _interval, _left) = (grant.From, grant.Interval, grant.Count);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            Log.NoGrant(logger, error, application, wanted, rate);
            if (!await PauseAsync(stop))
            {
                return;
            }
        }

        _asking = false;
        changed();
    }

    private async Task<bool> PauseAsync(CancellationToken stop)
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        _asksUntil = clock.GetUtcNow() + pause;
        await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !stop.IsCancellationRequested;
    }

    private static partial class Log
    {
        [LoggerMessage(1061, LogLevel.Information, "No start times within the rate of application {Application} ({Wanted} at {Rate}/s); they are asked for again")]
        public static partial void NoGrant(ILogger logger, Exception error, string application, int wanted, int rate);
    }
}
