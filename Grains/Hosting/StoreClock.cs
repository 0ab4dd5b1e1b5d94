namespace Webhooks.Grains.Hosting;

/// <summary>
/// The store's time: what the store's clock said last, carried on by this machine's monotonic clock. All silos agree on
/// it, whatever their own clocks say. Until the first <see cref="Set"/>, and in tests, it is the inner provider's time.
/// </summary>
public sealed class StoreClock(TimeProvider inner) : TimeProvider
{
    private sealed record Reading(DateTimeOffset Now, long Timestamp);

    private Reading? _last;

    /// <summary>Takes a reading of the store's clock, made just now. Ignored when the inner provider goes as a test says.</summary>
    public void Set(DateTimeOffset storeNow)
    {
        if (SteadyClock.Runs(inner))
        {
            Volatile.Write(ref _last, new Reading(storeNow, inner.GetTimestamp()));
            (inner as SteadyClock)?.Follow(storeNow);
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        Volatile.Read(ref _last) is { } last ? last.Now + inner.GetElapsedTime(last.Timestamp) : inner.GetUtcNow();

    /// <summary>Now, in the resolution that both stores keep: what is answered from memory equals what is read later.</summary>
    public DateTimeOffset GetStorableNow()
    {
        var now = GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
