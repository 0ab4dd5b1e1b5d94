using System.Buffers;

namespace Webhooks.Grains.Sending;

/// <summary>Reads an answer's body: all of it up to a limit, of which the beginning is kept.</summary>
internal static class AnswerBody
{
    /// <summary>Bytes of an answer that are kept at most.</summary>
    public const int Kept = 20_000;

    // Room behind what is kept, into which the rest is read and forgotten.
    private const int Scratch = 4096;

    /// <summary>
    /// What was kept, and what broke the reading off, if anything did. Where the limit is reached first the rest is left:
    /// the caller's disposal of the answer drops the connection.
    /// </summary>
    public static async ValueTask<(byte[] Bytes, Exception? Failure)> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Kept + Scratch);
        var total = 0;
        Exception? failure = null;
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (total < limit)
            {
                var at = Math.Min(total, Kept);
                var read = await stream.ReadAsync(buffer.AsMemory(at, Math.Min(buffer.Length - at, limit - total)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        var kept = buffer.AsSpan(0, Math.Min(total, Kept)).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return (kept, failure);
    }
}
