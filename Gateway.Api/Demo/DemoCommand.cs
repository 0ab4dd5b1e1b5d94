using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Webhooks.Gateway.Api.Authentication;

namespace Webhooks.Gateway.Api.Demo;

/// <summary>Starts everything in this process, delivers three events to endpoints with different filters, and tells what arrived.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Which event types each endpoint wants; null for all. The flaky one answers 503 twice first.</summary>
    private static readonly (string Name, string[]? Types)[] Endpoints =
        [("everything", null), ("sales", ["sale.completed"]), ("flaky", ["lead.captured", "document.viewed"])];

    private static readonly string[] Events = ["lead.captured", "document.viewed", "sale.completed"];

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-demo");
        try
        {
            await using var receiver = await DemoReceiver.StartAsync();
            await using var app = Build(folder.FullName);
            await app.StartAsync();
            var result = await DeliverAsync(app, receiver);
            await app.StopAsync();
            return result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static WebApplication Build(string folder)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddFilter(null, LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:DataDirectory"] = folder,
            ["Webhooks:Cluster:Mode"] = "Standalone",
            ["ConnectionStrings:Webhooks"] = null,
            ["Webhooks:Auth:JwtSecret"] = null,
            ["Webhooks:Cluster:SiloPort"] = FreePort(),
            ["Webhooks:Cluster:GatewayPort"] = FreePort(),
            ["Webhooks:Egress:AllowHttp"] = "true",
            ["Webhooks:Egress:AllowedSubnets:0"] = "127.0.0.0/8",
            ["Webhooks:Delivery:RetrySchedule:0"] = "1",
            ["Webhooks:Delivery:RetrySchedule:1"] = "1",
            ["Webhooks:Delivery:RetrySchedule:2"] = "1",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        return builder.AddGateway().Build().UseGateway();
    }

    private static async Task<int> DeliverAsync(WebApplication app, DemoReceiver receiver)
    {
        using var api = new HttpClient { BaseAddress = new Uri(app.Urls.First() + "/api/v1/") };
        var token = app.Services.GetRequiredService<Tokens>().Issue(Tokens.DefaultOrganization, TimeSpan.FromHours(1));
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        await PostAsync(api, "app", new { name = "Demo", uid = "demo" });
        foreach (var type in Events)
        {
            await PostAsync(api, "event-type", new { name = type, description = "An event of the demo" });
        }

        foreach (var (name, types) in Endpoints)
        {
            var endpoint = await PostAsync(api, "app/demo/endpoint", new { url = $"{receiver.Url}/{name}", eventTypes = types });
            var secret = await api.GetFromJsonAsync<JsonElement>($"app/demo/endpoint/{endpoint.GetProperty("id").GetString()}/secret");
            receiver.Trust(name, secret.GetProperty("key").GetString()!);
            Console.WriteLine($"endpoint {name,-10} wants {(types is null ? "all events" : string.Join(", ", types))}");
        }

        var sent = new Dictionary<string, long>();
        foreach (var type in Events)
        {
            sent[type] = TimeProvider.System.GetTimestamp();
            await PostAsync(api, "app/demo/event", new { type, data = new { demo = true } });
            Console.WriteLine("published " + type);
        }

        return await WatchAsync(receiver, sent);
    }

    /// <summary>Prints each delivery until all that is promised has arrived, in order.</summary>
    private static async Task<int> WatchAsync(DemoReceiver receiver, Dictionary<string, long> sent)
    {
        var expected = Endpoints.ToDictionary(static e => e.Name, static e => new Queue<string>(Events.Where(type => e.Types?.Contains(type) ?? true)));
        using var deadline = new CancellationTokenSource(Deadline);
        while (expected.Values.Any(static q => q.Count > 0))
        {
            Arrival arrival;
            try
            {
                arrival = await receiver.Arrivals.ReadAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"Not everything arrived within {Deadline.TotalSeconds} s.");
                return 1;
            }

            var latency = TimeProvider.System.GetElapsedTime(sent[arrival.EventType], arrival.ReceivedAt);
            Console.WriteLine(FormattableString.Invariant(
                $"delivery  {arrival.Endpoint,-10} {arrival.EventType,-16} signature {(arrival.Verified ? "verified" : "WRONG")}, answered {arrival.Status}, {latency.TotalMilliseconds:F1} ms after its publish"));
            if (!arrival.Verified)
            {
                Console.Error.WriteLine("A signature did not verify.");
                return 1;
            }

            if (arrival.Status == 204 && (!expected[arrival.Endpoint].TryDequeue(out var next) || next != arrival.EventType))
            {
                Console.Error.WriteLine($"{arrival.EventType} arrived out of order at {arrival.Endpoint}.");
                return 1;
            }
        }

        Console.WriteLine("All events arrived at every endpoint that wants them, in order.");
        return 0;
    }

    private static async Task<JsonElement> PostAsync(HttpClient api, string path, object body)
    {
        using var response = await api.PostAsJsonAsync(path, body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {path} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
