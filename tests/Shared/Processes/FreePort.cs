using System.Net;
using System.Net.Sockets;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>
/// Ports that nobody listens on, from below those that the system gives to connections by itself: a server that is away
/// for a while would else find its port taken, by a client of another or even by one that tries to reach it.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int End = 32_000;

    private static readonly Lock s_lock = new();
    // Runs beside each other begin at different places.
    private static int s_next = Random.Shared.Next(First, End);

    /// <summary>A port that was free a moment ago, and that this run has not given away before.</summary>
    public static int Next()
    {
        lock (s_lock)
        {
            for (var tried = 0; tried < End - First; tried++)
            {
                var port = s_next;
                s_next = port + 1 < End ? port + 1 : First;
                if (IsFree(port))
                {
                    return port;
                }
            }

            throw new InvalidOperationException($"No port from {First} to {End} is free.");
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
