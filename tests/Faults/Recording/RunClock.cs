namespace Webhooks.Faults.Recording;

/// <summary>The one clock of a run: monotonic milliseconds since it began.</summary>
internal sealed class RunClock
{
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public double Now => TimeProvider.System.GetElapsedTime(_began).TotalMilliseconds;
}
