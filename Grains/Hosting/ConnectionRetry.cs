namespace Webhooks.Grains.Hosting;

/// <summary>A gateway that starts before the first silo, or before the store, looks for them for as long as it runs.</summary>
internal static class ConnectionRetry
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<bool> ShouldRetryAsync(Exception error, CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, cancellationToken);
        return true;
    }
}
