using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Webhooks.Grains.Signing;

/// <summary>The bytes a signature covers, <c>id.timestamp.body</c>, in one piece: both algorithms want them so.</summary>
internal ref struct SignedText
{
    // Enough for a small body; a larger one is copied into memory of the shared pool.
    public const int StackBytes = 1024;
    private const int MaxTimestampBytes = 20;

    private readonly byte[]? _rented;

    public SignedText(string messageId, long timestamp, ReadOnlySpan<byte> body, Span<byte> stack)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(messageId.Length) + MaxTimestampBytes + 2 + body.Length;
        var target = longest <= stack.Length ? stack : _rented = ArrayPool<byte>.Shared.Rent(longest);

        var length = Encoding.UTF8.GetBytes(messageId, target);
        target[length++] = (byte)'.';
        var formatted = Utf8Formatter.TryFormat(timestamp, target[length..], out var digits);
        Debug.Assert(formatted, "the buffer has room for any number");
        length += digits;
        target[length++] = (byte)'.';
        body.CopyTo(target[length..]);
        Bytes = target[..(length + body.Length)];
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
