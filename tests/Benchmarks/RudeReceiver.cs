using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webhooks.Benchmarks;

/// <summary>
/// Many receivers on one port of 127.0.0.1, bare sockets that misbehave as the first word of their path says:
/// <c>/hang</c>, <c>/drip</c>, <c>/endless</c>, <c>/bomb</c>, <c>/chunks</c>, <c>/close</c>. While they are told to be polite they answer 204.
/// Run as a process of its own, of low priority: receivers do not take the cores of the system that calls them.
/// </summary>
internal sealed class RudeReceiver : IAsyncDisposable
{
    /// <summary>Everything but hanging.</summary>
    public static readonly string[] Kinds = ["drip", "endless", "bomb", "chunks", "close"];

    private const int Backlog = 4096;
    private static readonly byte[] Polite = Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n");
    private static readonly byte[] Large = Encoding.ASCII.GetBytes("4000\r\n" + new string('x', 0x4000) + "\r\n");
    private static readonly byte[] Bomb = MakeBomb();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _rudeness = new();
    private volatile bool _rude;
    private long _requests;

    private RudeReceiver()
    {
        _listener.Start(Backlog);
        _accepting = AcceptAsync();
    }

    private string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The program: prints its URL, then does what each line says, and ends with its input.</summary>
    public static async Task RunAsync()
    {
        await using var receiver = new RudeReceiver();
        Console.WriteLine(receiver.Url);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line)
            {
                case "rude":
                    receiver.BeRude();
                    break;
                case "polite":
                    receiver.BePolite();
                    break;
                default:
                    break;
            }

            Console.WriteLine(Interlocked.Read(ref receiver._requests));
        }
    }

    private void BeRude()
    {
        _rudeness = new CancellationTokenSource();
        _rude = true;
    }

    /// <summary>Answers from now on, and breaks off what it has under way.</summary>
    private void BePolite()
    {
        _rude = false;
        _rudeness.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _rudeness.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private static byte[] MakeBomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 32; i++)
            {
                gzip.Write(zeros);
            }
        }

        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {packed.Length}\r\n\r\n"), .. packed.ToArray()];
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var reader = new RequestReader(stream);
                while (await reader.ReadPathAsync(_stop.Token) is { } path)
                {
                    Interlocked.Increment(ref _requests);
                    if (!_rude)
                    {
                        await stream.WriteAsync(Polite, _stop.Token);
                        continue;
                    }

                    await MisbehaveAsync(path, stream, _rudeness.Token);
                    return;
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The sender hung up, or it is over.
            }
        }
    }

    private static async Task MisbehaveAsync(string path, NetworkStream stream, CancellationToken cancellationToken)
    {
        switch (path.Split('/')[1])
        {
            case "hang":
                // Returns when the sender has had enough.
                await stream.ReadExactlyAsync(new byte[1], cancellationToken);
                return;
            case "drip":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", cancellationToken);
                while (true)
                {
                    await WriteAsync(stream, "x", cancellationToken);
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                }

            case "endless":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", cancellationToken);
                while (true)
                {
                    await stream.WriteAsync(Large, cancellationToken);
                }

            case "bomb":
                await stream.WriteAsync(Bomb, cancellationToken);
                return;
            case "chunks":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nno length\r\n", cancellationToken);
                return;
            default:
                return;
        }
    }

    private static async Task WriteAsync(NetworkStream stream, string text, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
}
