using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Hosting;

/// <summary>
/// Whether the store answers this silo. An outage is a state: it begins with a look that failed or stayed unanswered, it
/// ends with the first answer, and while it lasts calls that need the store are answered at once. Thread-safe.
/// </summary>
internal sealed class StoreState : IDisposable
{
    private readonly SemaphoreSlim _suspicion = new(0);
    private int _suspected;
    private long _answeredAt;
    private volatile bool _isOut;

    /// <summary>Whether the store is known not to answer.</summary>
    public bool IsOut => _isOut;

    /// <summary>Timestamp of the machine's clock from when the store answered last.</summary>
    public long AnsweredAt => Volatile.Read(ref _answeredAt);

    /// <summary>The store has just answered; true when that ends an outage.</summary>
    public bool Answered()
    {
        Volatile.Write(ref _answeredAt, TimeProvider.System.GetTimestamp());
        var ended = _isOut;
        _isOut = false;
        return ended;
    }

    /// <summary>The store does not answer; true when that begins an outage.</summary>
    public bool Failed()
    {
        var begins = !_isOut;
        _isOut = true;
        return begins;
    }

    /// <summary>A statement got no answer: it is time to look. Ignored while the outage is known.</summary>
    public void Suspect()
    {
        if (!_isOut && Interlocked.Exchange(ref _suspected, 1) == 0)
        {
            _suspicion.Release();
        }
    }

    /// <summary>A commit, whose answer or lack of one says how the store is.</summary>
    public async Task<T> NotingAsync<T>(Func<Task<T>> commit)
    {
        try
        {
            var result = await commit().ConfigureAwait(false);
            Answered();
            return result;
        }
        catch (StoreUnavailableException)
        {
            Suspect();
            throw;
        }
    }

    /// <summary>Ends after the time, or with the first suspicion.</summary>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (await _suspicion.WaitAsync(time, cancellationToken).ConfigureAwait(false))
        {
            Volatile.Write(ref _suspected, 0);
        }
    }

    public void Dispose() => _suspicion.Dispose();
}
