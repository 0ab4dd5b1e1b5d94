using System.Diagnostics;
using System.Security.Cryptography;

namespace Webhooks.Grains.Signing;

/// <summary>HMAC-SHA256, version <c>v1</c>.</summary>
internal sealed class HmacSigningKey(byte[] secret) : SigningKey
{
    private const string Version = "v1,";
    private const int Base64Length = 44;

    public override string Sign(string messageId, long timestamp, ReadOnlySpan<byte> body)
    {
        using var text = new SignedText(messageId, timestamp, body, stackalloc byte[SignedText.StackBytes]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, text.Bytes, mac);

        Span<char> signature = stackalloc char[Version.Length + Base64Length];
        Version.CopyTo(signature);
        var encoded = Convert.TryToBase64Chars(mac, signature[Version.Length..], out var written);
        Debug.Assert(encoded && written == Base64Length, "32 bytes are 44 digits");
        return new string(signature);
    }
}
