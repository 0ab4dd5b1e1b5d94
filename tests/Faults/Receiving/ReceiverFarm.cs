using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Webhooks.Faults.Histories;
using Webhooks.Faults.Recording;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Receiving;

/// <summary>Receivers of all endpoints, on a few ports that can be closed and opened again.</summary>
internal sealed class ReceiverFarm : IAsyncDisposable
{
    private const int Ports = 2;

    private readonly Recorder _recorder;
    private readonly Behaviour _behaviour;
    private readonly Random _random;
    private readonly List<ReceiverPort> _ports;
    private readonly ConcurrentDictionary<string, Receiving> _receiving = new();
    private int _paths;

    public ReceiverFarm(Recorder recorder, Behaviour behaviour, Random random)
    {
        _recorder = recorder;
        _behaviour = behaviour;
        _random = random;
        _ports = [.. Enumerable.Range(0, Ports).Select(_ => new ReceiverPort(FreePort.Next(), ReceiveAsync))];
    }

    /// <summary>The ports, each of which has a part of the endpoints.</summary>
    public IReadOnlyList<ReceiverPort> All => _ports;

    public Task StartAsync() => Task.WhenAll(_ports.Select(static port => port.OpenAsync()));

    /// <summary>A path for an endpoint, whose secret and id are told with <see cref="Expect"/>.</summary>
    public Uri NewUrl()
    {
        var number = _paths++;
        return new Uri($"http://127.0.0.1:{_ports[number % Ports].Port}/e{number}");
    }

    /// <summary>Makes an endpoint known.</summary>
    public void Expect(Uri url, string secret, string endpoint) => _receiving[url.AbsolutePath] = new Receiving(endpoint, secret);

    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports)
        {
            await port.CloseAsync();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var arrivedAt = _recorder.Clock.Now;
        var order = _recorder.Arrived(arrivedAt);
        var headers = context.Request.Headers;
        var id = headers["webhook-id"].ToString();
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The sender died while it sent: it was a request, and it was not answered.
            _recorder.Received(new ReceivedRequest(order, _receiving.TryGetValue(context.Request.Path, out var at) ? at.Endpoint : "", id, -1, arrivedAt, null, 0, null));
            return;
        }

        var number = NumberOf(body.ToArray());
        var known = _receiving.TryGetValue(context.Request.Path, out var receiving);
        var invalid = !known ? $"nobody expects {context.Request.Path}"
            : number < 0 ? "no number in the payload"
            : !Signature.Holds(receiving!.Secret, id, headers["webhook-timestamp"].ToString(), body.ToArray(), headers["webhook-signature"].ToString()) ? "the signature does not hold"
            : null;
        var draw = Draw();
        var hangs = draw < _behaviour.HangShare;
        var status = invalid is not null ? 400 : hangs ? 0 : draw < _behaviour.HangShare + _behaviour.FailShare ? 500 : 200;
        if (!hangs && _behaviour.DelayMilliseconds > 0 && !await PassesAsync(context))
        {
            (hangs, status) = (true, 0);
        }

        _recorder.Received(new ReceivedRequest(order, receiving?.Endpoint ?? "", id, number, arrivedAt, hangs ? null : _recorder.Clock.Now, status, invalid));
        if (hangs)
        {
            await HangAsync(context);
            return;
        }

        context.Response.StatusCode = status;
    }

    /// <summary>The time before an answer; false when the sender is gone before it is over.</summary>
    private async Task<bool> PassesAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(_behaviour.DelayMilliseconds, context.RequestAborted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }

    private double Draw()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private static int NumberOf(byte[] body)
    {
        try
        {
            using var payload = JsonDocument.Parse(body);
            return payload.RootElement.TryGetProperty("number", out var number) && number.TryGetInt32(out var value) ? value : -1;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    private sealed record Receiving(string Endpoint, string Secret);
}
