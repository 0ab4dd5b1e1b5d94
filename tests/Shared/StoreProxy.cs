using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Webhooks.Tests.Shared;

/// <summary>A TCP proxy before a PostgreSQL server, whose faults are switched while it runs. It listens and connects on 127.0.0.1.</summary>
public sealed class StoreProxy : IAsyncDisposable
{
    /// <summary>Connections at a time; a further one is reset.</summary>
    public const int MaxConnections = 1000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<StoreProxyConnection, Task> _connections = [];
    private Task _accepting = Task.CompletedTask;
    private ProxyMode _mode = new(ProxyState.Passing);
    private CutAround? _armed;
    private double _probability;
    private int _next;
    private int _cuts;
    private int _target;

    private StoreProxy(int target) => _target = target;

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Port of the server. A change counts for new connections: <see cref="Break"/> ends the others.</summary>
    public int Target
    {
        get => Volatile.Read(ref _target);
        set => Volatile.Write(ref _target, value);
    }

    /// <summary>Connections cut around a statement so far: before it, or after it was carried out.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Connections at present.</summary>
    public int Connections => _connections.Count;

    internal ProxyMode Mode => Volatile.Read(ref _mode);

    /// <param name="target">Port of the server.</param>
    public static StoreProxy Start(int target)
    {
        var proxy = new StoreProxy(target);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Carries everything at once, also what a black hole has held back.</summary>
    public void Pass() => Switch(new ProxyMode(ProxyState.Passing));

    /// <summary>Holds each piece up, a piece being what one read brings (at most 64 KiB).</summary>
    /// <param name="there">How long on the way to the server.</param>
    /// <param name="back">How long on the way to the client.</param>
    /// <param name="jitter">Up to how much less or more, evenly spread, never below zero.</param>
    public void Delay(TimeSpan there, TimeSpan back, TimeSpan jitter = default) => Switch(new ProxyMode(ProxyState.Passing, there, back, jitter));

    /// <summary>Accepts connections and keeps those there are, but carries nothing, not even that an end has gone.</summary>
    public void Blackhole() => Switch(new ProxyMode(ProxyState.Blackhole));

    /// <summary>Resets every connection, those there are and new ones.</summary>
    public void Refuse()
    {
        Switch(new ProxyMode(ProxyState.Refusing));
        Break();
    }

    /// <summary>Resets the connections there are.</summary>
    public void Break()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>The next connection whose request holds <paramref name="marker"/> breaks; later ones do not.</summary>
    public void Arm(byte[] marker, CutPoint point) => Volatile.Write(ref _armed, new CutAround(marker, point));

    /// <summary>The next requests that commit a write are carried out, and the connection is cut instead of their answer.</summary>
    /// <remarks>One that fails meanwhile loses its answer too, and does not count.</remarks>
    /// <param name="next">How many; 0 ends it.</param>
    public void CutAfterCommits(int next) => Volatile.Write(ref _next, next);

    /// <summary>The same for each request that commits a write, with a probability; 0 ends it.</summary>
    public void CutAfterCommits(double probability) => Volatile.Write(ref _probability, probability);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    /// <summary>Whether the armed marker is among the bytes; it is armed no more then.</summary>
    internal CutPoint? TakeArmed(ReadOnlySpan<byte> bytes, out int at)
    {
        at = -1;
        if (Volatile.Read(ref _armed) is not { } cut
            || bytes.IndexOf(cut.Marker) is not (>= 0 and var found)
            || !ReferenceEquals(Interlocked.CompareExchange(ref _armed, null, cut), cut))
        {
            return null;
        }

        at = found;
        return cut.Point;
    }

    /// <summary>Whether a request that commits is to lose its answer.</summary>
    /// <param name="counted">Set when it is one of the next ones; <see cref="GiveBack"/> takes that back.</param>
    internal bool TakeCommit(ref bool counted)
    {
        for (var next = Volatile.Read(ref _next); next > 0; next = Volatile.Read(ref _next))
        {
            if (Interlocked.CompareExchange(ref _next, next - 1, next) == next)
            {
                counted = true;
                return true;
            }
        }

        return Volatile.Read(ref _probability) is > 0 and var probability && Random.Shared.NextDouble() < probability;
    }

    internal void GiveBack() => Interlocked.Increment(ref _next);

    internal void CountCut() => Interlocked.Increment(ref _cuts);

    private void Switch(ProxyMode mode) => Interlocked.Exchange(ref _mode, mode).Ended.TrySetResult();

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = new StoreProxyConnection(this, await _listener.AcceptSocketAsync(_stop.Token));
                if (_connections.Count < MaxConnections)
                {
                    _connections[connection] = Task.CompletedTask;
                    _connections.TryUpdate(connection, CarryAsync(connection), Task.CompletedTask);
                }
                else
                {
                    connection.Reset();
                }
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // A process that was killed while it connected; the next one is served.
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(StoreProxyConnection connection)
    {
        // The accepting loop goes on first.
        await Task.Yield();
        await connection.CarryAsync(_stop.Token);
        _connections.TryRemove(connection, out _);
    }

    private sealed record CutAround(byte[] Marker, CutPoint Point);
}
