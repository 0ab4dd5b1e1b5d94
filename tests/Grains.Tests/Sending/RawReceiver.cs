using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webhooks.Grains.Tests.Sending;

/// <summary>A receiver that is a bare TCP listener: for answers that no HTTP server would give. Each connection is handed to <paramref name="serve"/>.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawConnection, Task> _serve;
    private readonly Task _accepting;
    private readonly List<Task> _serving = [];

    public RawReceiver(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _serving.Add(ServeAsync(new RawConnection(client, Connections, _stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        using (connection)
        {
            try
            {
                await _serve(connection);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The sender hung up, or the test is over.
            }
        }
    }
}

/// <summary>One connection of a <see cref="RawReceiver"/>.</summary>
/// <param name="order">1 for the first.</param>
/// <param name="stop">Cancelled at the end of the test.</param>
internal sealed class RawConnection(TcpClient client, int order, CancellationToken stop) : IDisposable
{
    private readonly NetworkStream _stream = client.GetStream();

    public int Order => order;

    public CancellationToken Stop => stop;

    /// <summary>Reads one request and returns its text, head and body; the body's bytes one character each.</summary>
    public async Task<string> ReadRequestAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, stop);
            text.Append((char)one[0]);
        }

        var length = text.ToString().Split("\r\n").First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[15..];
        var body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
        await _stream.ReadExactlyAsync(body, stop);
        return text.Append(Encoding.Latin1.GetString(body)).ToString();
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);

    /// <summary>Ends the connection with a reset instead of a farewell.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }

    public void Dispose() => client.Dispose();
}
