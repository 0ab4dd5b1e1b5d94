namespace Webhooks.Tests.Shared.Processes;

/// <summary>Waiting on conditions, with a deadline.</summary>
public static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static Task UntilAsync(Func<bool> condition, TimeSpan deadline, string what, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(condition()), deadline, what, cancellationToken);

    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan deadline, string what, CancellationToken cancellationToken) =>
        ForAsync(condition, met => met, deadline, what, cancellationToken);

    /// <summary>Reads until what was read meets the condition, and returns it.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T>> read, Func<T, bool> condition, TimeSpan deadline, string what, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (condition(value))
            {
                return value;
            }

            if (TimeProvider.System.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException($"Waited {deadline.TotalSeconds:F0} s until {what}; last seen: {value}");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
