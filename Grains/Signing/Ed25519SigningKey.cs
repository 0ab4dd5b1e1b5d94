using System.Diagnostics;
using NSec.Cryptography;

namespace Webhooks.Grains.Signing;

/// <summary>Ed25519, version <c>v1a</c>. The key's memory is freed by its finalizer: keys live as long as their endpoint.</summary>
internal sealed class Ed25519SigningKey(Key key) : SigningKey
{
    private const string Version = "v1a,";
    private const int SignatureBytes = 64;
    private const int Base64Length = 88;

    /// <summary>The 32 bytes a receiver verifies with.</summary>
    public byte[] PublicKey { get; } = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    public override string Sign(string messageId, long timestamp, ReadOnlySpan<byte> body)
    {
        using var text = new SignedText(messageId, timestamp, body, stackalloc byte[SignedText.StackBytes]);
        Span<byte> raw = stackalloc byte[SignatureBytes];
        SignatureAlgorithm.Ed25519.Sign(key, text.Bytes, raw);

        Span<char> signature = stackalloc char[Version.Length + Base64Length];
        Version.CopyTo(signature);
        var encoded = Convert.TryToBase64Chars(raw, signature[Version.Length..], out var written);
        Debug.Assert(encoded && written == Base64Length, "64 bytes are 88 digits");
        return new string(signature);
    }
}
