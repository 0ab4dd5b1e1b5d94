using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// A queue of dead letters is sent again by a recovery that is killed (<c>kill -9</c> of the standalone process) in the middle
/// and goes on by itself after the start; a second endpoint gets live traffic all the while.
/// </summary>
internal static class Recoveries
{
    private const int LivePerSecond = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(int messages)
    {
        using var data = new TemporaryFolder();
        // Not held back by its pace: how fast it could be is the question.
        var settings = Settings.Standalone(data.Path).With("Webhooks__Delivery__RecoveryRate", "100000");
        var arrivals = new ConcurrentDictionary<string, int>();
        var live = new Live();
        await using var receiver = await Receiver.StartAsync(context => ReceiveAsync(context, arrivals, live));
        var (app, endpoint) = await DeadLetters.MakeAsync(data.Path, receiver.Url + "/dead", messages);

        var gateway = await GatewayProcess.StartAsync(settings, CancellationToken.None);
        try
        {
            await gateway.Api.CreateEventTypeAsync("live.event", CancellationToken.None);
            await PostAsync(gateway.Api, $"api/v1/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}/live","eventTypes":["live.event"]}""");
            settings = settings.With("ASPNETCORE_URLS", gateway.Address.AbsoluteUri.TrimEnd('/'));
            var until = TimeProvider.System.GetUtcNow();
            var started = TimeProvider.System.GetTimestamp();
            using var stop = new CancellationTokenSource();
            var publishing = live.PublishAsync(() => gateway.Api, app, LivePerSecond, stop.Token);
            var task = await PostAsync(
                gateway.Api, $"api/v1/app/{app}/endpoint/{endpoint}/recover", $$"""{"since":"{{until.AddDays(-1):O}}","until":"{{until:O}}"}""");
            await Eventually.TrueAsync(() => arrivals.Count >= messages / 2, "half of them arrived", Patience);
            await gateway.KillAsync();
            var atKill = (arrivals.Count, Again: Again(arrivals));
            await gateway.DisposeAsync();
            gateway = await GatewayProcess.StartAsync(settings, CancellationToken.None);
            var atStart = arrivals.Count;
            await Eventually.TrueAsync(() => arrivals.Count >= messages, "all arrived", Patience);
            var took = TimeProvider.System.GetElapsedTime(started);
            await Eventually.TrueAsync(async () => await StatusAsync(gateway.Api, task) == "finished", "the task says so", TimeSpan.FromMinutes(2));
            await stop.CancelAsync();
            await publishing;

            Figures.Print($"SQLite, {messages} dead letters recovered: killed after {atKill.Count}, {atStart - atKill.Count} more by the time it was ready again; all after {took.TotalSeconds:F1} s, {messages / took.TotalSeconds:F0}/s with the restart");
            Figures.Print($"  {Again(arrivals)} sent more than once ({atKill.Again} before the kill; 512 not flushed and what was in flight are allowed)");
            Figures.Print($"  live traffic of up to {LivePerSecond}/s meanwhile: {live.Describe()}");
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }

    private static int Again(ConcurrentDictionary<string, int> arrivals) => arrivals.Values.Count(static times => times > 1);

    private static async Task ReceiveAsync(HttpContext context, ConcurrentDictionary<string, int> arrivals, Live live)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        if (context.Request.Path == "/live")
        {
            live.Arrive(body.RootElement.GetProperty("number").GetInt32());
        }
        else
        {
            arrivals.AddOrUpdate(context.Request.Headers["webhook-id"].ToString(), 1, static (_, times) => times + 1);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<string> PostAsync(WebhooksApi api, string path, string body)
    {
        var (status, text) = await api.PostAsync(path, body, Guid.NewGuid().ToString("N"), CancellationToken.None);
        return (int)status is >= 200 and < 300
            ? JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!
            : throw new InvalidOperationException($"{path} answered {status}: {text}");
    }

    private static async Task<string> StatusAsync(WebhooksApi api, string task)
    {
        using var response = await api.GetAsync($"api/v1/background-task/{task}", CancellationToken.None);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("status").GetString()!;
    }

    /// <summary>Traffic beside the recovery.</summary>
    private sealed class Live
    {
        private readonly ConcurrentDictionary<int, long> _sent = new();
        private readonly ConcurrentBag<double> _latencies = [];
        private int _refused;

        public async Task PublishAsync(Func<WebhooksApi> api, string app, int rate, CancellationToken stop)
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                _sent[number] = TimeProvider.System.GetTimestamp();
                try
                {
                    await api().PublishAsync(app, "live.event", $$"""{"number":{{number}}}""", CancellationToken.None);
                }
                catch (Exception error) when (error is HttpRequestException or ObjectDisposedException or OperationCanceledException)
                {
                    // The process is down just now.
                    _refused++;
                    _sent.TryRemove(number, out _);
                }

                await Task.Delay(TimeSpan.FromSeconds(1.0 / rate), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        public void Arrive(int number)
        {
            if (_sent.TryRemove(number, out var sentAt))
            {
                _latencies.Add(TimeProvider.System.GetElapsedTime(sentAt).TotalMilliseconds);
            }
        }

        public string Describe()
        {
            var sorted = _latencies.Order().ToArray();
            return FormattableString.Invariant(
                $"{sorted.Length} arrived, p50 {sorted[sorted.Length / 2]:F1} ms, p99 {sorted[(int)(sorted.Length * 0.99)]:F0} ms, {_refused} not accepted while the process was down, {_sent.Count} accepted and not arrived");
        }
    }
}
