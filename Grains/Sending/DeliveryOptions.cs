using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Sending;

/// <summary>How deliveries are made. Section <c>Webhooks:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Delivery";

    /// <summary>The schedule when none is configured: 8 attempts in about 27.6 hours.</summary>
    public static IReadOnlyList<int> DefaultRetrySchedule { get; } = [5, 300, 1800, 7200, 18000, 36000, 36000];

    /// <summary>Seconds between attempts; set, it replaces the default (5, 300, 1800, 7200, 18000, 36000, 36000) whole.</summary>
    public IList<int>? RetrySchedule { get; set; }

    /// <summary>Share by which a delay varies, 0 to 1. Default 0.2.</summary>
    [Range(0.0, 1.0)]
    public double RetryJitter { get; set; } = 0.2;

    /// <summary>Waits longer than this are kept by a reminder; shorter ones by a timer alone. Default 1 minute.</summary>
    public TimeSpan ReminderThreshold { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Deadline of one attempt, seconds. Default 30.</summary>
    [Range(1, 300)]
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <summary>Bytes of an answer that are read at most. Default 65,536.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int ResponseReadLimit { get; set; } = 64 * 1024;

    /// <summary>Messages of one endpoint held in memory at most, or four times its maxInFlight where that is more. Default 64.</summary>
    [Range(1, 4096)]
    public int WindowMessages { get; set; } = 64;

    /// <summary>Payload bytes of one endpoint held in memory at most (one message is always held). Default 256 KiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int WindowBytes { get; set; } = 256 * 1024;

    /// <summary>Payload bytes that all windows of a silo hold at most; beyond it a window is one message. Default 256 MiB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long SiloWindowBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Outcomes of one endpoint not yet committed at most; beyond it nothing is sent. Default 512.</summary>
    [Range(1, 65536)]
    public int UncommittedOutcomes { get; set; } = 512;

    /// <summary>Oldest outcome not yet committed at most, seconds; beyond it nothing is sent. Default 2.</summary>
    [Range(1, 60)]
    public int UncommittedSeconds { get; set; } = 2;

    /// <summary>Lanes of one endpoint that may be blocked before it reads no further. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int BlockedLanes { get; set; } = 10_000;

    /// <summary>Attempts in flight of an endpoint whose order allows several, when it sets none. Default 16.</summary>
    [Range(1, 1024)]
    public int DefaultMaxInFlight { get; set; } = 16;

    /// <summary>Attempts in flight of a whole silo. Default 1,024.</summary>
    [Range(1, 65536)]
    public int SiloAttempts { get; set; } = 1024;

    /// <summary>Of these, attempts to endpoints whose last one failed. Default 128.</summary>
    [Range(1, 65536)]
    public int SiloFailingAttempts { get; set; } = 128;

    /// <summary>Messages waiting for a commit in one silo at most; beyond it publishes are answered 503. Default 8,192.</summary>
    [Range(1, 1_000_000)]
    public int PendingPublishes { get; set; } = 8192;

    /// <summary>Payload bytes waiting for a commit in one silo at most. Default 64 MiB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long PendingPublishBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Consecutive failures of an endpoint after which only one probe goes out per step of the schedule. Default 5.</summary>
    [Range(1, 1000)]
    public int CircuitFailures { get; set; } = 5;

    /// <summary>Attempts per second to an endpoint that has just come back; twice as many each second. Default 10.</summary>
    [Range(1.0, 100_000.0)]
    public double RampStart { get; set; } = 10;

    /// <summary>Attempts per second from which on an endpoint that came back is not held back any more. Default 5,000.</summary>
    [Range(1.0, 1_000_000.0)]
    public double RampEnd { get; set; } = 5000;

    /// <summary>The first attempt that fails after this long without a success disables the endpoint; zero for never. Default 5 days.</summary>
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Messages of one endpoint that wait to be sent again because somebody asked, at most; beyond it 503. Default 1,024.</summary>
    [Range(1, 65536)]
    public int PendingResends { get; set; } = 1024;

    /// <summary>Attempts per second of an endpoint's recovery, beside what is published. Default 500.</summary>
    [Range(1.0, 100_000.0)]
    public double RecoveryRate { get; set; } = 500;

    /// <summary>Days that a message may wait in an endpoint's queue, 1 to 3,650, before it is given up; 0 for as long as its payload is kept. Default 30.</summary>
    [Range(0, 3650)]
    public int QueueDays { get; set; } = 30;

    /// <summary>Messages that may wait behind an endpoint's cursor; the oldest beyond it are given up. Default 10,000,000.</summary>
    [Range(1, int.MaxValue)]
    public int QueueMessages { get; set; } = 10_000_000;

    /// <summary>Gateways that are told of one endpoint's attempts as they happen, at most. Default 64.</summary>
    [Range(1, 4096)]
    public int Watchers { get; set; } = 64;

    /// <summary>How long a token or idempotency key is remembered. Default 12 hours.</summary>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Which header names a delivery carries. Default both.</summary>
    public HeaderStyle Headers { get; set; } = HeaderStyle.Both;
}

/// <summary>Names of the signature headers.</summary>
public enum HeaderStyle
{
    /// <summary><c>webhook-*</c> and <c>svix-*</c>.</summary>
    Both,

    /// <summary><c>webhook-*</c> alone, as Standard Webhooks has them.</summary>
    Standard,

    /// <summary><c>svix-*</c> alone.</summary>
    Svix,
}
