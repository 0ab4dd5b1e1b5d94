using System.Net;
using System.Net.Sockets;

namespace Webhooks.Grains.Sending;

/// <summary>The egress policy allows none of a host's addresses.</summary>
/// <param name="host">As the URL has it.</param>
/// <param name="addressClass">What its address is; the address itself stays unsaid: it may be the name of something internal.</param>
internal sealed class EgressRefusedException(string host, string addressClass)
    : Exception($"{host} is refused by the egress policy ({addressClass} address)");

/// <summary>A name has no address, or nobody could say which.</summary>
internal sealed class NameNotResolvedException(string host, SocketException? inner)
    : Exception(inner?.SocketErrorCode == SocketError.TryAgain ? $"name {host} did not resolve (no answer from the name server)" : $"name {host} did not resolve", inner);

/// <summary>No address of a host took a connection.</summary>
/// <param name="address">The one that was tried last.</param>
/// <param name="error">What the socket said of it.</param>
internal sealed class NotConnectedException(IPEndPoint address, SocketError error, Exception? inner)
    : Exception(error switch
    {
        SocketError.ConnectionRefused => $"connection refused by {address}",
        SocketError.TimedOut => $"no connection to {address} in time",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => $"{address} is unreachable",
        SocketError.ConnectionReset => $"connection reset by {address}",
        _ => $"no connection to {address} ({error})",
    }, inner);
