using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// A queue that waited for one endpoint: what it costs to activate the endpoint on it, and how fast it drains. The queue is
/// written straight into the log, as a week of publishing would have left it.
/// </summary>
internal static class Backlog
{
    private const int PerBatch = 5000;

    public static async Task RunAsync(PostgresServer postgres, int messages)
    {
        foreach (var (name, connection) in new[] { ("SQLite", null), ("PostgreSQL", await postgres.CreateDatabaseAsync()) })
        {
            await using var target = await Target.StartAsync(connection);
            await target.CreateAsync(1);
            var endpoint = await FillAsync(target.Services, messages);
            var before = Memory();
            var started = TimeProvider.System.GetTimestamp();
            await target.Services.GetRequiredService<IGrainFactory>().GetGrain<IEndpointGrain>(endpoint.Id).Wake();
            await Eventually.TrueAsync(() => target.Received > 0, "the first message of the queue arrives");
            var first = TimeProvider.System.GetElapsedTime(started);
            await Eventually.TrueAsync(() => target.Received > 20_000 || target.Received == messages, "the queue drains", TimeSpan.FromMinutes(2));
            var rate = target.Received / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(FormattableString.Invariant(
                $"{name,-11} {messages} waiting: first delivery after {first.TotalMilliseconds:F0} ms, managed memory {(Memory() - before) / 1048576.0:+0.0;-0.0} MB while draining at {rate:F0}/s"));
        }
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);

    private static async Task<EndpointDetails> FillAsync(IServiceProvider services, int messages)
    {
        var configuration = services.GetRequiredService<IConfigurationStore>();
        var log = services.GetRequiredService<IMessageLog>();
        var application = (await configuration.FindApplicationAsync(Gateway.Api.Authentication.Tokens.DefaultOrganization, "bench", CancellationToken.None))!;
        var endpoint = (await configuration.ListEndpointsAsync(application.Id, new PageRequest(1), CancellationToken.None)).Items[0];
        var head = (await log.ReadHeadAsync(application.Id, CancellationToken.None))!;
        var payload = Encoding.UTF8.GetBytes("""{"customer":"c_1043","amount":1999,"currency":"EUR","note":"an order that waited"}""");
        var tail = head.Tail;
        while (tail < messages)
        {
            var now = TimeProvider.System.GetUtcNow();
            var batch = new NewMessage[Math.Min(PerBatch, messages - tail)];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = new NewMessage
                {
                    Id = TimeOrderedId.Create(now),
                    Token = Guid.NewGuid(),
                    CheckToken = false,
                    AcceptedAt = now,
                    EventType = "type0",
                    Recipients = [endpoint.Ordinal],
                    Payload = payload,
                };
            }

            var moved = await log.AppendAsync([new AppendRequest(application.Id, tail, head.RoutingVersion, "nobody", batch)], now, CancellationToken.None);
            if (!moved[0])
            {
                throw new InvalidOperationException("The log was written by somebody else.");
            }

            tail += batch.Length;
        }

        return endpoint;
    }
}
