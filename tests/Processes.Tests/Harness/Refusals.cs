using System.Collections.Concurrent;
using System.Net;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>An answer to a publish, as the publisher saw it.</summary>
internal sealed record SeenAnswer(HttpStatusCode Status, bool SaysWhenToComeBack, TimeSpan Took, string? MessageId);

/// <summary>Publishers that go on whatever they are answered, and write it down.</summary>
internal static class Refusals
{
    /// <summary>Publishes at all gateways at once until <paramref name="until"/> ends; every publish has a key of its own.</summary>
    public static async Task<IReadOnlyList<SeenAnswer>> CollectAsync(
        IReadOnlyList<GatewayProcess> gateways, string application, string eventType, int publishersEach, Task until, CancellationToken cancellationToken)
    {
        var seen = new ConcurrentBag<SeenAnswer>();
        await Task.WhenAll(gateways.SelectMany(gateway => Enumerable.Range(0, publishersEach).Select(_ => Task.Run(
            async () =>
            {
                while (!until.IsCompleted)
                {
                    var started = TimeProvider.System.GetTimestamp();
                    using var response = await gateway.Api.TryPublishAsync(application, eventType, "{}", Guid.NewGuid().ToString("N"), cancellationToken);
                    var id = response.StatusCode == HttpStatusCode.Accepted ? await WebhooksApi.ReadMessageIdAsync(response, cancellationToken) : null;
                    seen.Add(new SeenAnswer(response.StatusCode, response.Headers.RetryAfter is not null, TimeProvider.System.GetElapsedTime(started), id));
                }
            },
            cancellationToken))));
        return [.. seen];
    }
}
