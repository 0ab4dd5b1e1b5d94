namespace Webhooks.Grains.Hosting;

/// <summary>A gateway that starts before the first silo waits for it.</summary>
internal sealed class ConnectionRetry(TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private TimeSpan _waited;

    public async Task<bool> ShouldRetryAsync(Exception error, CancellationToken cancellationToken)
    {
        if (_waited >= patience)
        {
            return false;
        }

        await Task.Delay(Pause, cancellationToken);
        _waited += Pause;
        return true;
    }
}
