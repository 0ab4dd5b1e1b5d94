using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Webhooks.Tests.Shared;

/// <summary>Where a connection breaks.</summary>
public enum CutPoint
{
    /// <summary>The server never sees the statement.</summary>
    BeforeTheServer = 0,

    /// <summary>The server has carried it out, and its answer is lost.</summary>
    AfterTheServer = 1,
}

/// <summary>A TCP proxy before a server that breaks a connection once, around the request that holds given bytes.</summary>
public sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _target;
    private Task _accepting = Task.CompletedTask;
    private Cut? _armed;
    private int _cuts;

    private CutProxy(int target) => _target = target;

    private sealed record Cut(byte[] Marker, CutPoint Point);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections broken so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <param name="target">Port of the server on 127.0.0.1.</param>
    public static CutProxy Start(int target)
    {
        var proxy = new CutProxy(target);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>The next connection whose request holds <paramref name="marker"/> breaks; later ones do not.</summary>
    public void Arm(byte[] marker, CutPoint point) => Volatile.Write(ref _armed, new Cut(marker, point));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(CarryAsync(client));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, ended.Token);
                var swallow = new TaskCompletionSource();
                var there = RequestsAsync(client.GetStream(), server.GetStream(), swallow, ended.Token);
                var back = AnswersAsync(server.GetStream(), client.GetStream(), swallow.Task, ended.Token);
                await Task.WhenAny(there, back);
                await ended.CancelAsync();
                await Task.WhenAll(there, back);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side has gone; the other follows.
            }
        }
    }

    /// <summary>Returns when the connection is to end.</summary>
    private async Task RequestsAsync(NetworkStream from, NetworkStream to, TaskCompletionSource swallow, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (Volatile.Read(ref _armed) is { } cut
                && buffer.AsSpan(0, read).IndexOf(cut.Marker) >= 0
                && ReferenceEquals(Interlocked.CompareExchange(ref _armed, null, cut), cut))
            {
                Interlocked.Increment(ref _cuts);
                if (cut.Point == CutPoint.BeforeTheServer)
                {
                    return;
                }

                swallow.SetResult();
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task AnswersAsync(NetworkStream from, NetworkStream to, Task swallow, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (swallow.IsCompleted)
            {
                // The server answers a statement that stands alone after its commit.
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
