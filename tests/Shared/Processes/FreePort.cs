using System.Net;
using System.Net.Sockets;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A port that was free a moment ago, and that this run has not given away before.</summary>
    public static int Next()
    {
        lock (Given)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (Given.Add(port))
                {
                    return port;
                }
            }
        }
    }

    private static readonly HashSet<int> Given = [];
}
