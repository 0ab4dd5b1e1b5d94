using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Webhooks.Gateway.Api.Demo;

/// <summary>A delivery as the demo's receiver saw it.</summary>
internal sealed record Arrival(string Endpoint, string EventType, bool Verified, int Status, long ReceivedAt);

/// <summary>A receiver as a customer would write it: verifies Standard Webhooks signatures on the framework alone.</summary>
internal sealed class DemoReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _keys = new();
    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(1024);
    private int _failures = 2;

    private DemoReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public ChannelReader<Arrival> Arrivals => _arrivals.Reader;

    public static async Task<DemoReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new DemoReceiver(app);
        app.MapPost("/{endpoint}", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The secret that deliveries to this path are signed with.</summary>
    public void Trust(string endpoint, string secret) => _keys[endpoint] = Convert.FromBase64String(secret["whsec_".Length..]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request, string endpoint)
    {
        var at = TimeProvider.System.GetTimestamp();
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        var verified = _keys.TryGetValue(endpoint, out var key) && Verify(request, body, key);
        var status = !verified ? 400 : endpoint == "flaky" && Interlocked.Decrement(ref _failures) >= 0 ? 503 : 204;
        using var json = System.Text.Json.JsonDocument.Parse(body);
        await _arrivals.Writer.WriteAsync(new Arrival(endpoint, json.RootElement.GetProperty("type").GetString()!, verified, status, at));
        return Results.StatusCode(status);
    }

    private static bool Verify(HttpRequest request, string body, byte[] key)
    {
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{body}";
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        return request.Headers["webhook-signature"].ToString().Split(' ')
            .Any(s => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(s), Encoding.ASCII.GetBytes(expected)));
    }
}
