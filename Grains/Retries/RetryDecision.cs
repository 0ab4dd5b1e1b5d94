namespace Webhooks.Grains.Retries;

/// <summary>Why a message is not tried again.</summary>
internal enum GiveUpReason
{
    /// <summary>Every attempt of the schedule has been made.</summary>
    ScheduleUsedUp,

    /// <summary>The message is older than its schedule lasts.</summary>
    DeadlinePassed,
}

/// <summary>What becomes of a message whose attempt failed.</summary>
internal abstract record RetryDecision
{
    private RetryDecision()
    {
    }

    /// <summary>It is tried again at <paramref name="Due"/>.</summary>
    internal sealed record RetryAt(DateTimeOffset Due) : RetryDecision;

    /// <summary>It is a dead letter.</summary>
    internal sealed record GiveUp(GiveUpReason Reason) : RetryDecision;
}
