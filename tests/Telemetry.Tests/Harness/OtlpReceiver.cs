using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Webhooks.Tests.Shared;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>Takes what processes export (OTLP, http/protobuf) and keeps it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ReceiverServer _server;
    private readonly ConcurrentDictionary<int, IReadOnlyList<Span>> _read = new();

    private OtlpReceiver(ReceiverServer server) => _server = server;

    public Uri Url => _server.Url;

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<Span> Spans =>
        [.. Of("/v1/traces").SelectMany(request => _read.GetOrAdd(request.Order, _ => [.. Span.Read(request.Body)]))];

    public static async Task<OtlpReceiver> StartAsync() => new(await ReceiverServer.StartAsync(static (_, http) =>
    {
        http.Response.ContentType = "application/x-protobuf";
        http.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }));

    /// <summary>Everything that was exported of one signal, as it came.</summary>
    public IEnumerable<ReceivedRequest> Of(string path) => _server.Requests.Where(r => r.Path == path);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
