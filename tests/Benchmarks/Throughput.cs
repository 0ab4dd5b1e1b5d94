using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Signing;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// Loader, receiver, store and system share this machine. The ceiling is the sender alone against the same receiver:
/// signed POSTs without queue or store. Ratios compare within one run.
/// </summary>
internal static class Throughput
{
    private const int Publishers = 64;

    /// <param name="only">One store by its name; null for both.</param>
    public static async Task RunAsync(PostgresServer postgres, TimeSpan duration, string? only)
    {
        Console.WriteLine("store       endpoints  deliveries/s  of ceiling  publishes/s  p50 ms  p99 ms   idle p50  idle p99");
        foreach (var name in new[] { "SQLite", "PostgreSQL" }.Where(name => only is null || name.Equals(only, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var endpoints in new[] { 1, 100 })
            {
                var fresh = name == "SQLite" ? null : await postgres.CreateDatabaseAsync();
                await using var target = await Target.StartAsync(fresh);
                await target.CreateAsync(endpoints);
                await PublishForAsync(target, endpoints, TimeSpan.FromSeconds(2), timed: false);
                await DrainAsync(target);
                var ceiling = await CeilingAsync(target, endpoints, TimeSpan.FromSeconds(3));

                var before = target.Received;
                var started = TimeProvider.System.GetTimestamp();
                var published = await PublishForAsync(target, endpoints, duration, timed: true);
                var publishing = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
                await DrainAsync(target, before + published);
                var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
                var (p50, p99) = target.TakeLatencies();

                for (var i = 0; i < 300; i++)
                {
                    await target.PublishAsync(i % endpoints, timed: true);
                    await Task.Delay(10);
                }

                await DrainAsync(target, before + published + 300);
                var (idle50, idle99) = target.TakeLatencies();
                var rate = published / seconds;
                Console.WriteLine(FormattableString.Invariant(
                    $"{name,-11} {endpoints,9}  {rate,12:F0}  {rate / ceiling,10:P0}  {published / publishing,11:F0}  {p50,6:F1}  {p99,6:F1}  {idle50,8:F1}  {idle99,8:F1}"));
            }
        }
    }

    public static async Task<long> PublishForAsync(Target target, int endpoints, TimeSpan duration, bool timed)
    {
        long count = 0;
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (var i = publisher; TimeProvider.System.GetElapsedTime(started) < duration; i++)
            {
                await target.PublishAsync(i % endpoints, timed);
                Interlocked.Increment(ref count);
            }
        })));
        return count;
    }

    public static Task DrainAsync(Target target, long atLeast = 0) => Eventually.TrueAsync(
        async () =>
        {
            var seen = target.Received;
            await Task.Delay(300);
            return target.Received == seen && seen >= atLeast;
        },
        "everything is delivered",
        TimeSpan.FromMinutes(5));

    private static async Task<double> CeilingAsync(Target target, int endpoints, TimeSpan duration)
    {
        var sender = target.Services.GetRequiredService<IWebhookSender>();
        var key = SigningKeys.Parse(SigningKeys.Generate());
        var body = """{"customer":"c_1043","amount":1999,"currency":"EUR","items":[{"sku":"A-100","count":2},{"sku":"B-7","count":1}],"note":"thanks for the order, again"}"""u8.ToArray();
        // What the receiver has seen counts, not what was tried.
        var before = target.Received;
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(lane => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(started) < duration)
            {
                await sender.SendAsync(
                    new DeliveryRequest
                    {
                        MessageId = "msg_0000000000000000000000",
                        Url = new Uri($"{target.ReceiverUrl}/e{lane % endpoints}"),
                        Body = body,
                        ContentType = "application/json",
                        Keys = [key],
                        Headers = new Dictionary<string, string>(),
                        StartedAt = TimeProvider.System.GetUtcNow(),
                        Timeout = TimeSpan.FromSeconds(10),
                    },
                    CancellationToken.None);
            }
        })));
        return (target.Received - before) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
