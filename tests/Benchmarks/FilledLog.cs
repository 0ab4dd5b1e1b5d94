using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Benchmarks;

/// <summary>Messages for the first endpoint of an application, written straight into the log, as a week of publishing would have left them.</summary>
internal static class FilledLog
{
    private const int PerBatch = 5000;

    /// <summary>Returns the endpoint, which has not been told.</summary>
    /// <param name="services">The running system's.</param>
    /// <param name="uid">The application's.</param>
    /// <param name="messages">How many; the log must be empty.</param>
    /// <param name="key">The ordering key of each.</param>
    /// <param name="payload">JSON of each.</param>
    public static async Task<EndpointDetails> FillAsync(IServiceProvider services, string uid, int messages, Func<int, string?> key, Func<int, string> payload)
    {
        var configuration = services.GetRequiredService<IConfigurationStore>();
        var log = services.GetRequiredService<IMessageLog>();
        var application = (await configuration.FindApplicationAsync(Tokens.DefaultOrganization, uid, CancellationToken.None))!;
        var endpoint = (await configuration.ListEndpointsAsync(application.Id, new PageRequest(1), CancellationToken.None)).Items[0];
        var head = (await log.ReadHeadAsync(application.Id, CancellationToken.None))!;
        for (var tail = (int)head.Tail; tail < messages;)
        {
            var now = TimeProvider.System.GetUtcNow();
            var batch = Enumerable.Range(tail, Math.Min(PerBatch, messages - tail)).Select(i => new NewMessage
            {
                Id = TimeOrderedId.Create(now),
                Token = Guid.NewGuid(),
                CheckToken = false,
                AcceptedAt = now,
                EventType = "type0",
                OrderingKey = key(i),
                Recipients = [endpoint.Ordinal],
                Payload = Encoding.UTF8.GetBytes(payload(i)),
            }).ToList();
            var moved = await log.AppendAsync([new AppendRequest(application.Id, tail, head.RoutingVersion, "nobody", batch)], now, CancellationToken.None);
            if (!moved[0])
            {
                throw new InvalidOperationException("The log was written by somebody else.");
            }

            tail += batch.Count;
        }

        return endpoint;
    }
}
