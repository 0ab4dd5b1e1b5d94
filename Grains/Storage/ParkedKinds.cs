namespace Webhooks.Grains.Storage;

/// <summary>The kinds under which each queue of an endpoint parks. A queue itself knows the live ones alone.</summary>
internal static class ParkedKinds
{
    private const int Shift = ParkedKind.RecoveryRetry - ParkedKind.Retry;

    /// <summary>The lowest and the highest kind of a queue.</summary>
    public static (int Lowest, int Highest) Of(QueueKind queue) => queue == QueueKind.Live
        ? ((int)ParkedKind.Retry, (int)ParkedKind.Behind)
        : ((int)ParkedKind.RecoveryRetry, (int)ParkedKind.RecoveryBehind);

    /// <summary>A row as it is stored for the queue.</summary>
    public static ParkedRow In(this ParkedRow row, QueueKind queue) => queue == QueueKind.Live ? row : row with { Kind = row.Kind + Shift };
}
