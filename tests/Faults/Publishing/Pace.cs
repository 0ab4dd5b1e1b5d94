namespace Webhooks.Faults.Publishing;

/// <summary>Gives numbers away at a bounded rate. What was missed while nobody could send is not made up for.</summary>
internal sealed class Pace(int rate)
{
    private readonly Lock _lock = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private TimeSpan _next;
    private int _given = -1;

    /// <summary>The next number, once its time has come.</summary>
    public async Task<int> NextAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = TimeProvider.System.GetElapsedTime(_began);
            _next = _next < now - TimeSpan.FromMilliseconds(100) ? now : _next;
            wait = _next - now;
            _next += TimeSpan.FromSeconds(1.0 / rate);
        }

        if (wait > TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(wait, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Interlocked.Increment(ref _given);
    }
}
