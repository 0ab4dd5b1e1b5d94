using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Benchmarks;

/// <summary>How long the portal's pages take on the server with 10,000 endpoints and 1,000,000 messages in the store (SQLite).</summary>
internal static partial class Pages
{
    private const int Endpoints = 10_000;
    private const int Messages = 1_000_000;
    private const int Attempts = 100_000;
    private const int PerBatch = 5000;
    private const int Loads = 20;

    public static async Task RunAsync()
    {
        await using var target = await Target.StartAsync(null);
        await target.PostAsync("app", new { name = "bench", uid = "bench" });
        await target.PostAsync("event-type", new { name = "type0", description = "" });
        // Disabled: pages are measured, not deliveries.
        await Parallel.ForAsync(0, Endpoints, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await target.PostAsync("app/bench/endpoint", new { url = $"http://127.0.0.1:9/e{i}", disabled = true }));
        var (endpoint, message) = await SeedAsync(target.Services);

        using var http = new HttpClient { BaseAddress = new Uri(target.Api.BaseAddress!, "/") };
        await SignInAsync(http, target.Services.GetRequiredService<Tokens>().Issue(Tokens.DefaultOrganization, TimeSpan.FromDays(1)));
        Console.WriteLine($"| page, {Endpoints:N0} endpoints, {Messages:N0} messages, {Attempts:N0} attempts of the endpoint | median ms | slowest ms | KB |");
        Console.WriteLine("|---|---|---|---|");
        var page = $"apps/bench/endpoints/{endpoint}";
        foreach (var (name, path) in ((string, string)[])[
            ("applications", "apps"), ("endpoints", "apps/bench/endpoints"), ("endpoints, next page", await NextPageAsync(target.Api)), ("new endpoint", "apps/bench/endpoints/new"),
            ("overview", page), ("deliveries", page + "?tab=deliveries"), ("deliveries that failed", page + "?tab=deliveries&status=2"), ("testing", page + "?tab=testing"), ("secret", page + "?tab=secret"),
            ("settings", page + "?tab=settings"), ("dead letters", page + "?tab=dead-letters"), ("stats, 24 hours", page + "?tab=stats"), ("stats, 28 days", page + "?tab=stats&period=28d"),
            ("message", $"apps/bench/messages/{message}?endpoint={endpoint}"), ("event types", "apps/bench/event-types")])
        {
            var times = new List<double>();
            var bytes = 0;
            for (var i = 0; i < Loads; i++)
            {
                var started = TimeProvider.System.GetTimestamp();
                using var answer = await http.GetAsync(path);
                bytes = (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
                times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            }

            Figures.Print($"| {name} | {Figures.Median(times):0.0} | {times.Max():0.0} | {bytes / 1024} |");
        }
    }

    /// <summary>A month of messages by the store's own append, and the outcomes of those that went to one endpoint.</summary>
    private static async Task<(string Endpoint, string Message)> SeedAsync(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfigurationStore>();
        var log = services.GetRequiredService<IMessageLog>();
        var cursors = services.GetRequiredService<ICursorStore>();
        var application = (await configuration.FindApplicationAsync(Tokens.DefaultOrganization, "bench", CancellationToken.None))!;
        var endpoint = (await configuration.ListEndpointsAsync(application.Id, new PageRequest(1), CancellationToken.None)).Items[0];
        EntityId.TryParse(EntityId.Endpoint, endpoint.Id, out var id);
        var head = (await log.ReadHeadAsync(application.Id, CancellationToken.None))!;
        var now = TimeProvider.System.GetUtcNow();
        var step = TimeSpan.FromDays(27) / Messages;
        var messages = new Queue<(long Seq, Guid Id, DateTimeOffset At)>();
        for (var tail = 0; tail < Messages; tail += PerBatch)
        {
            var batch = Enumerable.Range(tail, PerBatch).Select(i => new NewMessage
            {
                Id = TimeOrderedId.Create(now - ((Messages - i) * step)),
                Token = Guid.NewGuid(),
                CheckToken = false,
                AcceptedAt = now - ((Messages - i) * step),
                EventType = "type0",
                Recipients = [i % (Messages / Attempts) == 0 ? endpoint.Ordinal : endpoint.Ordinal - 1 - (i % 100)],
                Payload = """{"customer":"c_1043","amount":1999,"currency":"EUR"}"""u8.ToArray(),
            }).ToList();
            if (!(await log.AppendAsync([new AppendRequest(application.Id, tail, head.RoutingVersion, "nobody", batch)], now, CancellationToken.None))[0])
            {
                throw new InvalidOperationException("The log was written by somebody else.");
            }

            foreach (var (index, sent) in batch.Index().Where(m => m.Item.Recipients[0] == endpoint.Ordinal))
            {
                messages.Enqueue((tail + index + 1, sent.Id, sent.AcceptedAt));
            }
        }

        var cursor = (await cursors.ReadCursorAsync(id, CancellationToken.None))!;
        var taken = (await cursors.TakeCursorAsync(id, cursor.Epoch, "nobody", now, CancellationToken.None))!;
        var last = messages.Last();
        while (messages.Count > 0)
        {
            var part = Enumerable.Range(0, Math.Min(PerBatch, messages.Count)).Select(_ => messages.Dequeue()).ToList();
            var rows = part.Select(m => new AttemptRow(
                TimeOrderedId.Create(m.At), m.Seq, m.Id, m.At, m.Seq % 50 == 1 ? AttemptStatus.Fail : AttemptStatus.Success, m.Seq % 50 == 1 ? 500 : 200,
                (int)(m.Seq % 400), AttemptTrigger.Scheduled, endpoint.Url, [], null)).ToList();
            await cursors.RecordAsync(
                [new OutcomeBatch { Endpoint = id, Application = application.Id, Epoch = taken.Epoch, Position = part[^1].Seq, Health = new EndpointHealth(), Attempts = rows, At = now }],
                CancellationToken.None);
        }

        return (endpoint.Id, EntityId.Format(EntityId.Message, last.Id));
    }

    private static async Task SignInAsync(HttpClient http, string token)
    {
        var form = AntiforgeryField().Match(await http.GetStringAsync("sign-in")).Groups["value"].Value;
        using var answer = await http.PostAsync("session", new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["return"] = "/apps", ["__RequestVerificationToken"] = form }));
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> NextPageAsync(HttpClient api)
    {
        using var list = JsonDocument.Parse(await api.GetStringAsync("app/bench/endpoint?limit=50"));
        return "apps/bench/endpoints?iterator=" + list.RootElement.GetProperty("iterator").GetString();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex AntiforgeryField();
}
