using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Grains.Deliveries;

/// <summary>
/// Gives out start times, so many a second, to callers that come before their time: a <see cref="TokenBucket"/> that may
/// be overdrawn. Pure state; not thread-safe.
/// </summary>
/// <remarks>
/// In any stretch of time the places given under one rate are at most that time's share and <see cref="Burst"/>. Time that
/// nobody asked for is lost beyond <see cref="Slack"/>, which covers the way a question takes. When the rate changes, what
/// was given out and not yet due counts as many places as before: callers that disagree on the rate gain nothing.
/// </remarks>
internal sealed class RateAllocator(DateTimeOffset now)
{
    /// <summary>How far behind the clock a place may lie.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    private DateTimeOffset _at = now;
    private double _rate;
    // Places given out and not yet due; below 0 when there was time that nobody asked for.
    private double _ahead;

    /// <summary>Places at once at most, under a rate.</summary>
    public static double Burst(int rate) => 1 + (rate * Slack.TotalSeconds);

    /// <summary>The next places, as many as wanted or half of a burst less what others wait for; one at least.</summary>
    /// <param name="wanted">From 1.</param>
    /// <param name="rate">Per second, from 1; for this and later calls.</param>
    /// <param name="now">Now; a clock that was set back stands still.</param>
    public ThrottleGrant Reserve(int wanted, int rate, DateTimeOffset now)
    {
        if (now > _at)
        {
            _ahead -= (now - _at).TotalSeconds * _rate;
            _at = now;
        }

        _rate = rate;
        _ahead = Math.Max(_ahead, -rate * Slack.TotalSeconds);
        var count = Math.Clamp((int)((Burst(rate) - Math.Max(0, _ahead)) / 2), 1, wanted);
        var grant = new ThrottleGrant(_at + TimeSpan.FromSeconds(_ahead / rate), TimeSpan.FromSeconds(1.0 / rate), count);
        _ahead += count;
        return grant;
    }
}
