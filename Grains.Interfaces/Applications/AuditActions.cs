namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>What the audit log calls what was done.</summary>
public static class AuditActions
{
    /// <summary>The endpoint was paused.</summary>
    public const string Paused = "endpoint.paused";

    /// <summary>The endpoint was resumed, from its queue or from now.</summary>
    public const string Resumed = "endpoint.resumed";

    /// <summary>One message was given up.</summary>
    public const string HeadSkipped = "endpoint.head-skipped";

    /// <summary>Everything that waited was given up.</summary>
    public const string Purged = "endpoint.purged";

    /// <summary>A caller disabled the endpoint.</summary>
    public const string Disabled = "endpoint.disabled";

    /// <summary>A caller enabled the endpoint.</summary>
    public const string Enabled = "endpoint.enabled";

    /// <summary>Another key signs.</summary>
    public const string SecretRotated = "endpoint.secret-rotated";

    /// <summary>A recovery or a replay was started.</summary>
    public const string RecoveryStarted = "recovery.started";

    /// <summary>A task in the background was ended.</summary>
    public const string RecoveryCancelled = "recovery.cancelled";

    /// <summary>One message was sent again.</summary>
    public const string MessageResent = "message.resent";

    /// <summary>Dead letters are sent again.</summary>
    public const string DeadLettersResent = "dead-letters.resent";
}
