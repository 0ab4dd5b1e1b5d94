using System.IO.Compression;

namespace Webhooks.Grains.Storage;

/// <summary>
/// How answers of receivers lie in the store: short ones as they came, long ones deflated, where that helps. A receiver
/// that is down answers each attempt with the same page of 20 KB; unpacked, such pages are most of what is committed.
/// </summary>
internal static class PackedAnswer
{
    /// <summary>Bytes from which packing is tried.</summary>
    private const int Least = 1024;

    /// <summary>Bytes that are unpacked at most: what the sender keeps, with room.</summary>
    private const int Most = 64 * 1024;

    // No text begins like this: 0xFF is no UTF-8. An answer that does is packed whatever its size, so that it is not taken for a packed one.
    private static ReadOnlySpan<byte> Mark => [0xFF, (byte)'z', 0x00, 0x01];

    public static byte[] Pack(byte[] answer)
    {
        var confusable = answer.AsSpan().StartsWith(Mark);
        if (answer.Length < Least && !confusable)
        {
            return answer;
        }

        using var packed = new MemoryStream(answer.Length / 4);
        packed.Write(Mark);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(answer);
        }

        return packed.Length < answer.Length || confusable ? packed.ToArray() : answer;
    }

    public static byte[] Unpack(byte[] stored)
    {
        if (!stored.AsSpan().StartsWith(Mark))
        {
            return stored;
        }

        var answer = new byte[Most];
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(stored, Mark.Length, stored.Length - Mark.Length, writable: false), CompressionMode.Decompress);
            return answer[..deflate.ReadAtLeast(answer, Most, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // Kept before answers were packed, and begins like a packed one.
            return stored;
        }
    }
}
