using System.Net.Sockets;
using System.Text;

namespace Webhooks.Benchmarks;

/// <summary>Reads requests with a content length off a socket, one after the other; no pipelining.</summary>
internal sealed class RequestReader(NetworkStream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>The path of the next request, once its body has been read; null at the end of the connection.</summary>
    public async Task<string?> ReadPathAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (_buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                var lines = Encoding.ASCII.GetString(_buffer, 0, end).Split("\r\n");
                var body = int.Parse(
                    lines.First(static l => l.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)).AsSpan(15), System.Globalization.CultureInfo.InvariantCulture);
                for (var missing = end + 4 + body - length; missing > 0;)
                {
                    var more = await stream.ReadAsync(_buffer.AsMemory(0, Math.Min(missing, _buffer.Length)), cancellationToken);
                    if (more == 0)
                    {
                        return null;
                    }

                    missing -= more;
                }

                return lines[0].Split(' ')[1];
            }
        }
    }
}
