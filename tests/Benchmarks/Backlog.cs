using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// A queue that waited for one endpoint: what it costs to activate the endpoint on it, and how fast it drains. The queue is
/// written straight into the log, as a week of publishing would have left it.
/// </summary>
internal static class Backlog
{
    public static async Task RunAsync(PostgresServer postgres, int messages)
    {
        foreach (var (name, connection) in new[] { ("SQLite", null), ("PostgreSQL", await postgres.CreateDatabaseAsync()) })
        {
            await using var target = await Target.StartAsync(connection);
            await target.CreateAsync(1);
            var endpoint = await FilledLog.FillAsync(
                target.Services, "bench", messages, static _ => null, static _ => """{"customer":"c_1043","amount":1999,"currency":"EUR","note":"an order that waited"}""");
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
}
