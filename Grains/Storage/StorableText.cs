using System.Text;

namespace Webhooks.Grains.Storage;

/// <summary>
/// Refuses what no store can hold: a NUL character, and half of a surrogate pair. Before it reaches a driver: both
/// stores then behave alike, and a PostgreSQL connection never sees a statement fail between preparation and execution
/// (after which the client library, tried with version 10, has taken the next answer for another statement's).
/// </summary>
internal static class StorableText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="StoreContentException">One of the texts cannot be held.</exception>
    public static void Refuse(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is null)
            {
                continue;
            }

            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new StoreContentException("A text holds a NUL character.", new ArgumentException("NUL", nameof(texts)));
            }

            try
            {
                Strict.GetByteCount(text);
            }
            catch (EncoderFallbackException error)
            {
                throw new StoreContentException("A text is not valid Unicode.", error);
            }
        }
    }
}
