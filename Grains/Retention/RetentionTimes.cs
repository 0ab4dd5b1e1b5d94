using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Retention;

/// <summary>
/// What has had its time: everything before these moments, which are starts of days in UTC. What is kept for ever has the
/// lowest time there is.
/// </summary>
/// <param name="Payloads">Acceptance of messages whose payloads go.</param>
/// <param name="Attempts">Start of attempts that go.</param>
/// <param name="DeadLetters">When dead letters that go were made.</param>
/// <param name="Entries">Acceptance of messages that go altogether, once nothing refers to them.</param>
/// <param name="Queues">Acceptance of messages that wait too long; to the moment, not to the day.</param>
internal sealed record RetentionTimes(DateTimeOffset Payloads, DateTimeOffset Attempts, DateTimeOffset DeadLetters, DateTimeOffset Entries, DateTimeOffset Queues)
{
    public static RetentionTimes Of(RetentionOptions retention, DeliveryOptions delivery, DateTimeOffset now)
    {
        var (payloads, attempts, deadLetters) = (DayBefore(retention.PayloadDays), DayBefore(retention.AttemptDays), DayBefore(retention.DeadLetterDays));
        // A message stays as long as anything of it may, and as long as its idempotency key counts.
        var entries = Earliest(Earliest(payloads, attempts), Earliest(deadLetters, now - delivery.IdempotencyWindow));
        var waiting = delivery.QueueDays == 0 ? DateTimeOffset.MinValue : now.AddDays(-delivery.QueueDays);
        return new RetentionTimes(payloads, attempts, deadLetters, entries, waiting > payloads ? waiting : payloads);

        DateTimeOffset DayBefore(int days) => days == 0 ? DateTimeOffset.MinValue : new DateTimeOffset(now.UtcDateTime.Date.AddDays(-days), TimeSpan.Zero);
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
