using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// An endpoint that answers 503 while events arrive, and then is back: attempts meanwhile beside the steps of its
/// schedule, order at the receiver, the ramp, and the time to drain.
/// </summary>
internal static class Outage
{
    private const int Publishers = 32;
    private const int OpenAfter = 5;
    private static readonly int[] Steps = [1, 2, .. Enumerable.Repeat(4, 60)];
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(PostgresServer postgres, int messages, string? only)
    {
        messages -= messages % Publishers;
        Figures.Print($"{messages} events while an endpoint is down; schedule 1, 2, 4, 4 … s without jitter, the circuit opens after {OpenAfter} failures");
        foreach (var store in Stores.Named(only))
        {
            await using var target = await Target.StartAsync(
                await Stores.FreshAsync(postgres, store),
                [("Webhooks:Delivery:RetryJitter", "0"), .. Steps.Select(static (seconds, i) => ($"Webhooks:Delivery:RetrySchedule:{i}", $"{seconds}"))]);
            await RunAsync(target, store, messages);
        }
    }

    private static async Task RunAsync(Target target, string store, int messages)
    {
        var down = true;
        var attempts = 0;
        var arrivals = new Sequences(Publishers);
        var perSecond = new int[600];
        var backAt = 0L;
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            if (Volatile.Read(ref down))
            {
                Interlocked.Increment(ref attempts);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            arrivals.Arrive(body.RootElement.GetProperty("publisher").GetInt32(), body.RootElement.GetProperty("number").GetInt32());
            Interlocked.Increment(ref perSecond[Math.Min(perSecond.Length - 1, (int)TimeProvider.System.GetElapsedTime(backAt).TotalSeconds)]);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await target.PostAsync("app", new { name = "outage", uid = "outage" });
        await target.PostAsync("app/outage/endpoint", new { url = receiver.Url + "/" });

        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (var number = 0; number < messages / Publishers; number++)
            {
                await target.PostAsync("app/outage/msg?with_content=false", new { eventType = "lead.captured", payload = new { publisher, number } });
            }
        })));
        var publishing = TimeProvider.System.GetElapsedTime(started);
        await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(started) > AtLeast, "it was down long enough", TimeSpan.FromMinutes(1));
        var wasDown = TimeProvider.System.GetElapsedTime(started);
        backAt = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref down, false);
        await Eventually.TrueAsync(() => arrivals.Arrived >= messages, "the queue drains", TimeSpan.FromSeconds(90));
        var drained = TimeProvider.System.GetElapsedTime(backAt);

        Figures.Print($"{store}: published in {publishing.TotalSeconds:F1} s, down for {wasDown.TotalSeconds:F1} s: {attempts} attempts, {MostAttempts(wasDown)} by the schedule at most");
        Figures.Print($"  back: {string.Join(' ', perSecond.Take((int)drained.TotalSeconds + 1))} deliveries in each second; all after {drained.TotalSeconds:F1} s; {arrivals.Backwards} out of order or twice, {arrivals.Skipped} missing");
    }

    /// <summary>
    /// The first message of a strict endpoint waits for each of its own steps until the circuit opens; the probes then
    /// begin with the first step again.
    /// </summary>
    private static int MostAttempts(TimeSpan down)
    {
        var count = 1;
        var at = 0;
        foreach (var step in Steps.Take(OpenAfter - 1).Concat(Steps))
        {
            at += step;
            if (at > down.TotalSeconds)
            {
                break;
            }

            count++;
        }

        return count;
    }
}
