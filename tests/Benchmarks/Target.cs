using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhooks.Gateway.Api;
using Webhooks.Gateway.Api.Authentication;

namespace Webhooks.Benchmarks;

/// <summary>The whole system in this process, as <c>dotnet run</c> starts it, and a receiver that notes when events come.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly WebApplication _gateway;
    private readonly DirectoryInfo _folder;
    private readonly ConcurrentDictionary<string, long> _sent = new();
    private readonly ConcurrentBag<double> _latencies = [];
    private Receiver _receiver = null!;
    private long _received;

    private Target(WebApplication gateway, DirectoryInfo folder)
    {
        _gateway = gateway;
        _folder = folder;
    }

    public IServiceProvider Services => _gateway.Services;

    public long Received => Interlocked.Read(ref _received);

    public string ReceiverUrl => _receiver.Url;

    public HttpClient Api { get; private set; } = null!;

    /// <param name="connectionString">PostgreSQL; null for SQLite.</param>
    /// <param name="settings">More settings.</param>
    public static async Task<Target> StartAsync(string? connectionString, params IEnumerable<(string Name, string Value)> settings)
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-bench");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:DataDirectory"] = folder.FullName,
            ["ConnectionStrings:Webhooks"] = connectionString,
            ["Webhooks:Cluster:SiloPort"] = Port(),
            ["Webhooks:Cluster:GatewayPort"] = Port(),
            ["Webhooks:Cluster:AdvertisedAddress"] = "127.0.0.1",
            ["Webhooks:Egress:AllowHttp"] = "true",
            ["Webhooks:Egress:AllowedSubnets:0"] = "127.0.0.0/8",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(static s => s.Name, static s => (string?)s.Value));
        var gateway = builder.AddGateway().Build().UseGateway();
        var target = new Target(gateway, folder);
        target._receiver = await Receiver.StartAsync(target.ReceiveAsync);
        await gateway.StartAsync();
        target.Api = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(gateway.Urls.First() + "/api/v1/") };
        target.Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", gateway.Services.GetRequiredService<Tokens>().Issue(Tokens.DefaultOrganization, TimeSpan.FromDays(1)));
        return target;
    }

    /// <summary>An application with endpoints, each of which wants an event type of its own.</summary>
    public async Task CreateAsync(int endpoints)
    {
        await PostAsync("app", new { name = "bench", uid = "bench" });
        for (var i = 0; i < endpoints; i++)
        {
            await PostAsync("event-type", new { name = "type" + i, description = "" });
            await PostAsync("app/bench/endpoint", new { url = ReceiverUrl + "/e" + i, eventTypes = new[] { "type" + i } });
        }
    }

    /// <summary>A POST; the answer's id, where it has one.</summary>
    public async Task<string?> PostAsync(string path, object body)
    {
        using var response = await Api.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("id", out var id) ? id.GetString() : null;
    }

    /// <summary>Publishes one message as the SDKs do, with an idempotency key.</summary>
    public async Task PublishAsync(int endpoint, bool timed)
    {
        var key = Guid.NewGuid().ToString("N");
        if (timed)
        {
            _sent[key] = TimeProvider.System.GetTimestamp();
        }

        var body = $$$"""
            {"eventType":"type{{{endpoint}}}","payload":{"key":"{{{key}}}","customer":"c_1043","amount":1999,"currency":"EUR","items":["A-100","B-7"],"note":"thanks for the order"} }
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "app/bench/msg?with_content=false") { Content = new StringContent(body) };
        request.Headers.Add("idempotency-key", key);
        using var response = await Api.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Percentiles in milliseconds since the last call.</summary>
    public (double P50, double P99) TakeLatencies()
    {
        var sorted = _latencies.Order().ToArray();
        _latencies.Clear();
        _sent.Clear();
        return sorted.Length == 0 ? (double.NaN, double.NaN) : (sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Port()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var at = TimeProvider.System.GetTimestamp();
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        if (body.RootElement.TryGetProperty("key", out var key) && _sent.TryRemove(key.GetString()!, out var sentAt))
        {
            _latencies.Add(TimeProvider.System.GetElapsedTime(sentAt, at).TotalMilliseconds);
        }

        Interlocked.Increment(ref _received);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
