using System.Collections.Concurrent;
using System.Net;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>An event that was answered 202.</summary>
/// <param name="SentAt">When its first request was sent, in ticks of the monotonic clock.</param>
/// <param name="AnsweredAt">When its 202 came.</param>
internal sealed record Accepted(int Number, string MessageId, long SentAt, long AnsweredAt);

/// <summary>
/// Concurrent publishers that share out numbered events and repeat each, under one idempotency key, until it is answered
/// 202, as the SDKs do. Any answer that a publisher should not get fails the run.
/// </summary>
internal sealed class Publishers(IReadOnlyList<WebhooksApi> gateways, string application, int count)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentBag<Accepted> _accepted = [];
    private int _repeated;

    /// <summary>What has been answered 202 so far.</summary>
    public int AcceptedCount => _accepted.Count;

    /// <summary>Requests that had to be repeated.</summary>
    public int Repeated => Volatile.Read(ref _repeated);

    /// <summary>All accepted events, by number.</summary>
    public IReadOnlyList<Accepted> Accepted => [.. _accepted.OrderBy(accepted => accepted.Number)];

    /// <summary>Publishes events <paramref name="from"/> up to, not including, <paramref name="to"/>.</summary>
    /// <param name="eventType">The event type of a number.</param>
    public async Task PublishAsync(int from, int to, Func<int, string> eventType, CancellationToken cancellationToken)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(
            async () =>
            {
                for (var number = Interlocked.Increment(ref next); number < to; number = Interlocked.Increment(ref next))
                {
                    await PublishOneAsync(number, eventType(number), cancellationToken);
                }
            },
            cancellationToken)));
    }

    private async Task PublishOneAsync(int number, string eventType, CancellationToken cancellationToken)
    {
        var sentAt = TimeProvider.System.GetTimestamp();
        var attempt = 0;
        var id = await Waiting.ForAsync(
            () =>
            {
                if (attempt > 0)
                {
                    Interlocked.Increment(ref _repeated);
                }

                return TryAsync(gateways[(number + attempt++) % gateways.Count], number, eventType, cancellationToken);
            },
            static id => id is not null,
            Patience,
            $"event {number} is accepted",
            cancellationToken);
        _accepted.Add(new Accepted(number, id!, sentAt, TimeProvider.System.GetTimestamp()));
    }

    // Null when the same request may succeed in a moment.
    private async Task<string?> TryAsync(WebhooksApi gateway, int number, string eventType, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await gateway.TryPublishAsync(application, eventType, $$"""{"number":{{number}}}""", $"{_run}-{number}", cancellationToken);
            return (int)response.StatusCode >= 500 ? null : await WebhooksApi.ReadMessageIdAsync(response, cancellationToken);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is null or HttpStatusCode.OK)
        {
            // The process at the other end died.
            return null;
        }
    }
}
