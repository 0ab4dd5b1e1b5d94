using System.Text;

namespace Webhooks.Grains.Storage;

/// <summary>A receiver's answer as the API shows it.</summary>
internal static class AttemptText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>What is stored, unpacked: as text when it is UTF-8, else as base 64.</summary>
    public static string Of(byte[] stored)
    {
        var response = PackedAnswer.Unpack(stored);
        try
        {
            return Strict.GetString(response);
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToBase64String(response);
        }
    }
}
