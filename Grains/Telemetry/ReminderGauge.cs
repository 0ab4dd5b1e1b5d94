namespace Webhooks.Grains.Telemetry;

/// <summary>Counts the reminder of one grain as held while it knows when it rings. Used in the grain's turns.</summary>
internal sealed class ReminderGauge(WebhookMetrics metrics, ReminderKind kind)
{
    private bool _held;

    /// <summary>The grain holds a reminder now, or does not.</summary>
    public void Set(bool held)
    {
        if (held != _held)
        {
            _held = held;
            metrics.Held(kind, held ? 1 : -1);
        }
    }
}
