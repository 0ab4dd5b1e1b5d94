namespace Webhooks.Benchmarks;

/// <summary>Load that does not slow down with the system it is put on.</summary>
internal static class Pace
{
    private const int MostAtOnce = 256;

    /// <summary>Calls <paramref name="act"/> with 0, 1, 2 … at this rate a second, and ends when all calls have.</summary>
    public static async Task RunAsync(int rate, TimeSpan duration, Func<int, Task> act)
    {
        using var places = new SemaphoreSlim(MostAtOnce);
        var started = TimeProvider.System.GetTimestamp();
        var calls = new List<Task>();
        for (var i = 0; i < rate * duration.TotalSeconds; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / rate) - TimeProvider.System.GetElapsedTime(started);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            await places.WaitAsync();
            calls.Add(ReleasingAsync(places, act(i)));
        }

        await Task.WhenAll(calls);
    }

    private static async Task ReleasingAsync(SemaphoreSlim places, Task call)
    {
        try
        {
            await call;
        }
        finally
        {
            places.Release();
        }
    }
}
