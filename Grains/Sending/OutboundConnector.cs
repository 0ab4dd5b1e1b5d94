using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Webhooks.Grains.Sending;

/// <summary>
/// Opens connections for the handler: resolves, checks every address, and dials only addresses that it checked, so that
/// no second look-up can put another one in their place.
/// </summary>
internal sealed class OutboundConnector(EgressPolicy policy, AddressResolver resolver, TimeSpan connectTimeout, int receiveBuffer)
{
    // However many addresses share the time, none gets less: a round trip around the world takes about this long.
    private static readonly TimeSpan s_leastPerAddress = TimeSpan.FromMilliseconds(400);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage is DeliveryMessage message)
        {
            message.OpenedConnection = true;
        }

        var started = Stopwatch.GetTimestamp();
        // An IPv6 address may come in the brackets of its URL.
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var allowed = Check(host, await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false));
        for (var i = 0; ; i++)
        {
            var isLast = i == allowed.Count - 1;
            var address = new IPEndPoint(allowed[i], context.DnsEndPoint.Port);
            try
            {
                // The last one may use up what is left: there the handler's own limit holds.
                var share = isLast ? Timeout.InfiniteTimeSpan : Share(connectTimeout - Stopwatch.GetElapsedTime(started), allowed.Count - i);
                return await DialAsync(address, share, cancellationToken).ConfigureAwait(false);
            }
            catch (NotConnectedException) when (!isLast)
            {
                // The next address is tried; the last one's failure is told.
            }
        }
    }

    private List<IPAddress> Check(string host, IPAddress[] addresses)
    {
        var allowed = new List<IPAddress>(addresses.Length);
        string? refusal = null;
        foreach (var address in addresses)
        {
            if (policy.RefuseAddress(address) is { } addressClass)
            {
                refusal ??= addressClass;
            }
            else
            {
                allowed.Add(address);
            }
        }

        return allowed.Count > 0 ? allowed : throw new EgressRefusedException(host, refusal!);
    }

    private static TimeSpan Share(TimeSpan left, int addresses)
    {
        var share = left / addresses;
        return share > s_leastPerAddress ? share : s_leastPerAddress;
    }

    private async Task<Stream> DialAsync(IPEndPoint address, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = receiveBuffer };
        try
        {
            await socket.ConnectAsync(address, deadline.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new NotConnectedException(address, e.SocketErrorCode, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new NotConnectedException(address, SocketError.TimedOut, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
