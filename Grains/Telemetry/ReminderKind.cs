namespace Webhooks.Grains.Telemetry;

/// <summary>What reminders are held for.</summary>
internal enum ReminderKind
{
    /// <summary>An endpoint's next attempt.</summary>
    Retry,

    /// <summary>An application's next scheduled message.</summary>
    Schedule,

    /// <summary>Looking for work that no living silo owns.</summary>
    Recovery,
}
