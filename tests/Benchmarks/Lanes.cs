using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>A receiver that takes 50 ms: what <c>maxInFlight</c> brings, and what a key that always fails costs the others.</summary>
internal static class Lanes
{
    private const int Keys = 64;
    private const int Pairs = 5;
    private const int PerKey = 60;
    private const int Poison = 7;
    private const int LatencyMs = 50;
    private const int SecondsEach = 4;

    private static int s_applications;

    public static async Task RunAsync(PostgresServer postgres, string? only)
    {
        foreach (var store in Stores.Named(only))
        {
            await using var target = await Target.StartAsync(await Stores.FreshAsync(postgres, store), ("Webhooks:Delivery:RetrySchedule:0", "600"));
            // The first run pays for what is compiled.
            await DrainAsync(target, "none", 64, Keys * 4, poisoned: false);
            Figures.Print($"{store}: deliveries/s at {LatencyMs} ms, by maxInFlight (1,000 ms / {LatencyMs} ms each at most)");
            Console.WriteLine("  ordering         1       4      16      64");
            foreach (var ordering in new[] { "none", "key" })
            {
                var rates = new List<double>();
                foreach (var maxInFlight in new[] { 1, 4, 16, 64 })
                {
                    rates.Add((await DrainAsync(target, ordering, maxInFlight, maxInFlight * SecondsEach * 1000 / LatencyMs, poisoned: false)).Rate);
                }

                Figures.Print($"  {ordering,-8}  {rates[0],8:F0}{rates[1],8:F0}{rates[2],8:F0}{rates[3],8:F0}");
            }

            var pairs = new List<(double Without, double With)>();
            var tries = new List<int>();
            for (var i = 0; i < Pairs; i++)
            {
                var without = await DrainAsync(target, "key", Keys, Keys * PerKey, poisoned: false);
                var with = await DrainAsync(target, "key", Keys, Keys * PerKey, poisoned: true);
                pairs.Add((without.Rate, with.Rate));
                tries.Add(with.Poisoned);
            }

            Figures.Print(
                $"  one poison key of {Keys}, medians of {Pairs} interleaved pairs: the others' deliveries/s {Figures.Median(pairs.Select(static p => p.Without)):F0} without, {Figures.Median(pairs.Select(static p => p.With)):F0} with, ratio {Figures.Median(pairs.Select(static p => p.With / p.Without)):P0}; attempts of the poison key's {PerKey} messages: {string.Join(", ", tries)}");
        }
    }

    /// <summary>Messages of keys that take turns, at a fresh endpoint: deliveries a second of all keys but the poison one, and its attempts.</summary>
    private static async Task<(double Rate, int Poisoned)> DrainAsync(Target target, string ordering, int maxInFlight, int messages, bool poisoned)
    {
        var others = 0;
        var poison = 0;
        var firstAt = 0L;
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            Interlocked.CompareExchange(ref firstAt, TimeProvider.System.GetTimestamp(), 0);
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            await Task.Delay(LatencyMs);
            if (body.RootElement.GetProperty("key").GetInt32() == Poison)
            {
                Interlocked.Increment(ref poison);
                context.Response.StatusCode = poisoned ? StatusCodes.Status500InternalServerError : StatusCodes.Status204NoContent;
                return;
            }

            Interlocked.Increment(ref others);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        var uid = $"lanes{Interlocked.Increment(ref s_applications)}";
        await target.PostAsync("app", new { name = uid, uid });
        var id = await target.PostAsync($"app/{uid}/endpoint", new { url = receiver.Url + "/", ordering, maxInFlight });
        await FilledLog.FillAsync(target.Services, uid, messages, static i => $"key{i % Keys}", static i => $$"""{"key":{{i % Keys}},"number":{{i}}}""");
        await target.Services.GetRequiredService<IGrainFactory>().GetGrain<IEndpointGrain>(id!).Wake();
        var expected = Enumerable.Range(0, messages).Count(static i => i % Keys != Poison);
        await Eventually.TrueAsync(() => Volatile.Read(ref others) >= expected, "the others have arrived", TimeSpan.FromSeconds(60));
        var rate = expected / TimeProvider.System.GetElapsedTime(firstAt).TotalSeconds;
        using var deleted = await target.Api.DeleteAsync($"app/{uid}/endpoint/{id}");
        deleted.EnsureSuccessStatusCode();
        return (rate, poison);
    }
}
