namespace Webhooks.Tests.Shared;

/// <summary>Waits on conditions, with a deadline whose passing says what was awaited.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        if (!await WithinAsync(condition, deadline ?? Patience))
        {
            throw new TimeoutException($"Within {(deadline ?? Patience).TotalSeconds} s it did not happen that {what}.");
        }
    }

    /// <summary>Whether the condition was met in time.</summary>
    public static async Task<bool> WithinAsync(Func<Task<bool>> condition, TimeSpan deadline)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
            {
                return false;
            }

            await Task.Delay(Interval);
        }

        return true;
    }
}
