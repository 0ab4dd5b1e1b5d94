namespace Webhooks.Grains.Hosting;

/// <summary>
/// Whether this silo may start attempts: only while its last sight of itself as an active member, in the store, is
/// fresh. A silo that was frozen or cut off from the store, and whose endpoints others have taken over, so sends
/// nothing more than was in flight.
/// </summary>
internal sealed class SendGate(StoreClock clock, TimeProvider time)
{
    /// <summary>How old the last sight may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _seenAt;
    private bool _seen;

    /// <summary>Whether attempts may start now.</summary>
    public bool Open
    {
        get
        {
            // Time that a test moves by hours would close the gate although the store answers.
            return Volatile.Read(ref _seen) && (!SteadyClock.Runs(time) || clock.GetElapsedTime(Volatile.Read(ref _seenAt)) <= MaxAge);
        }
    }

    /// <summary>Ends when the gate is open.</summary>
    public Task WaitOpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Open ? Task.CompletedTask : _opened.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The store has just shown this silo as active; <paramref name="askedAt"/> is the timestamp from before the question.</summary>
    public void Seen(long askedAt)
    {
        TaskCompletionSource opened;
        lock (_lock)
        {
            Volatile.Write(ref _seenAt, askedAt);
            Volatile.Write(ref _seen, true);
            opened = _opened;
            _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        opened.TrySetResult();
    }

    /// <summary>The store does not show this silo as active.</summary>
    public void Close() => Volatile.Write(ref _seen, false);
}
