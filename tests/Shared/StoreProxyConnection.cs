using System.Net;
using System.Net.Sockets;

namespace Webhooks.Tests.Shared;

/// <summary>One connection through a <see cref="StoreProxy"/>.</summary>
internal sealed class StoreProxyConnection(StoreProxy proxy, Socket client)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly PostgresTraffic _traffic = new();
    private bool _counted;

    /// <summary>Ends it at once, with a reset to either end.</summary>
    public void Reset()
    {
        Reset(client);
        Reset(_server);
    }

    /// <summary>Carries until an end has gone or the connection is cut.</summary>
    public async Task CarryAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await PassedAsync(ended.Token);
            client.NoDelay = _server.NoDelay = true;
            await _server.ConnectAsync(IPAddress.Loopback, proxy.Target, ended.Token);
            await using var near = new NetworkStream(client);
            await using var far = new NetworkStream(_server);
            var there = RequestsAsync(near, far, ended.Token);
            var back = AnswersAsync(far, near, ended.Token);
            await Task.WhenAny(there, back);
            await PassedAsync(ended.Token);
            await ended.CancelAsync();
            await Task.WhenAll(there, back);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end has gone, or both were reset here; the other follows.
        }
        finally
        {
            client.Dispose();
            _server.Dispose();
        }
    }

    /// <summary>Returns when the connection is to end.</summary>
    private async Task RequestsAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await HeldUpAsync(there: true, cancellationToken);
            if (proxy.TakeArmed(buffer.AsSpan(0, read), out var at) == CutPoint.BeforeTheServer)
            {
                proxy.CountCut();
                return;
            }

            _traffic.Sent(buffer.AsSpan(0, read), at, () => proxy.TakeCommit(ref _counted));
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Returns when the connection is to end.</summary>
    private async Task AnswersAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await HeldUpAsync(there: false, cancellationToken);
            var succeeded = _traffic.Answered(buffer.AsSpan(0, read), out var carry);
            await to.WriteAsync(buffer.AsMemory(0, carry), cancellationToken);
            if (succeeded is { } done)
            {
                if (done)
                {
                    proxy.CountCut();
                }
                else if (_counted)
                {
                    proxy.GiveBack();
                }

                return;
            }
        }
    }

    private async Task HeldUpAsync(bool there, CancellationToken cancellationToken)
    {
        await PassedAsync(cancellationToken);
        if (proxy.Mode.NextDelay(there) is var delay && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, cancellationToken);
            await PassedAsync(cancellationToken);
        }
    }

    /// <summary>Returns when something may be carried.</summary>
    private async Task PassedAsync(CancellationToken cancellationToken)
    {
        while (proxy.Mode is var mode && mode.State != ProxyState.Passing)
        {
            if (mode.State == ProxyState.Refusing)
            {
                Reset();
                throw new IOException("Connections are refused.");
            }

            await mode.Ended.Task.WaitAsync(cancellationToken);
        }
    }

    private static void Reset(Socket end)
    {
        try
        {
            end.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        end.Close();
    }
}
