using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>A process that connects to an echo and writes a line per answer: <c>answered</c>, or <c>broken</c> when the connection is not (or no more) there.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private const string Script = """
        while :; do
          if ! exec 3<>/dev/tcp/127.0.0.1/$0; then echo broken; sleep 0.05; continue; fi
          echo connected
          while echo called >&3 && read -r answer <&3; do echo answered; sleep 0.02; done
          echo broken
        done 2>/dev/null
        """;

    private readonly ChildProcess _process;

    private Caller(ChildProcess process) => _process = process;

    public int Connected => Count("connected");

    public int Answered => Count("answered");

    public int Broken => Count("broken");

    public static Caller Start(NetworkGroup group, int port)
    {
        var (file, arguments) = group.Command("bash", ["-c", Script, port.ToString(CultureInfo.InvariantCulture)]);
        return new Caller(ChildProcess.Start(file, arguments));
    }

    /// <summary>Waits for so many more answers.</summary>
    public async Task HearsAsync(int more)
    {
        var seen = Answered;
        await Eventually.TrueAsync(() => Answered >= seen + more, $"{more} more calls are answered");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private int Count(string word) => _process.StandardOutput.Split('\n').Count(line => line == word);
}

/// <summary>Answers each byte by the same, and counts.</summary>
internal sealed class Echo : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _heard;

    public Echo()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Calls that arrived.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(AnswerAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using var connection = socket;
        var buffer = new byte[1024];
        try
        {
            while (await connection.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                Interlocked.Increment(ref _heard);
                await connection.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The caller has gone, or the test is over.
        }
    }
}
