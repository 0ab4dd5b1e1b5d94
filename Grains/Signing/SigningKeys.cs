using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Webhooks.Grains.Signing;

/// <summary>The text forms of signing keys.</summary>
internal static class SigningKeys
{
    private const string Symmetric = "whsec_";
    private const string Asymmetric = "whsk_";
    private const string Public = "whpk_";
    private const int MinSecretBytes = 24;
    private const int MaxSecretBytes = 75;
    private const int SeedBytes = 32;
    private const int PairBytes = 64;

    /// <summary>Reads <c>whsec_…</c> (24 to 75 bytes) or <c>whsk_…</c> (seed and public key, 64 bytes).</summary>
    /// <exception cref="FormatException">The text is neither; the message says why and never repeats the key.</exception>
    public static SigningKey Parse(string key) =>
        TryParse(key, out var parsed, out var reason) ? parsed : throw new FormatException(reason);

    /// <summary>The same without an exception; <paramref name="reason"/> is a sentence for the caller of the API.</summary>
    public static bool TryParse(string? key, [NotNullWhen(true)] out SigningKey? parsed, [NotNullWhen(false)] out string? reason)
    {
        parsed = null;
        if (key is null)
        {
            reason = "A signing key is missing.";
        }
        else if (key.StartsWith(Symmetric, StringComparison.Ordinal))
        {
            if (TryDecode(key.AsSpan(Symmetric.Length), out var secret, out reason))
            {
                if (secret.Length is >= MinSecretBytes and <= MaxSecretBytes)
                {
                    parsed = new HmacSigningKey(secret);
                }
                else
                {
                    reason = $"A {Symmetric} key must hold {MinSecretBytes} to {MaxSecretBytes} bytes, not {secret.Length}.";
                }
            }
        }
        else if (key.StartsWith(Asymmetric, StringComparison.Ordinal))
        {
            if (TryDecode(key.AsSpan(Asymmetric.Length), out var pair, out reason))
            {
                parsed = ReadPair(pair, out reason);
            }
        }
        else
        {
            reason = key.StartsWith(Public, StringComparison.Ordinal)
                ? $"A {Public} key is public and cannot sign."
                : $"A signing key must start with {Symmetric} or {Asymmetric}.";
        }

        return parsed is not null;
    }

    /// <summary>A new <c>whsec_…</c> key of 24 random bytes.</summary>
    public static string Generate()
    {
        Span<byte> secret = stackalloc byte[MinSecretBytes];
        RandomNumberGenerator.Fill(secret);
        return Symmetric + Convert.ToBase64String(secret);
    }

    /// <summary>A new <c>whsk_…</c> pair: seed, then public key.</summary>
    public static string GeneratePair()
    {
        Span<byte> pair = stackalloc byte[PairBytes];
        RandomNumberGenerator.Fill(pair[..SeedBytes]);
        using var key = Key.Import(SignatureAlgorithm.Ed25519, pair[..SeedBytes], KeyBlobFormat.RawPrivateKey);
        key.PublicKey.Export(KeyBlobFormat.RawPublicKey).CopyTo(pair[SeedBytes..]);
        return Asymmetric + Convert.ToBase64String(pair);
    }

    /// <summary>What a receiver verifies with: the <c>whpk_…</c> form of a <c>whsk_…</c> key, a <c>whsec_…</c> key as it is.</summary>
    /// <exception cref="FormatException">The text is no signing key.</exception>
    public static string PublicForm(string key) =>
        Parse(key) is Ed25519SigningKey pair ? Public + Convert.ToBase64String(pair.PublicKey) : key;

    /// <summary>
    /// The 32 public bytes of a <c>whsk_…</c> key that was checked when it came; null for any other key. The secret half is
    /// not imported: whoever asks for public keys needs no token, and must not fill the memory that secrets are locked in.
    /// </summary>
    public static byte[]? PublicHalf(string key) =>
        key.StartsWith(Asymmetric, StringComparison.Ordinal) && TryDecode(key.AsSpan(Asymmetric.Length), out var pair, out _) && pair.Length == PairBytes
            ? pair[SeedBytes..]
            : null;

    private static Ed25519SigningKey? ReadPair(byte[] pair, out string? reason)
    {
        if (pair.Length != PairBytes)
        {
            reason = $"A {Asymmetric} key must hold {PairBytes} bytes (seed, then public key), not {pair.Length}.";
            return null;
        }

        var key = Key.Import(SignatureAlgorithm.Ed25519, pair.AsSpan(0, SeedBytes), KeyBlobFormat.RawPrivateKey);
        var signer = new Ed25519SigningKey(key);
        // A pair whose halves do not belong together signs what its own public key does not verify.
        if (!signer.PublicKey.AsSpan().SequenceEqual(pair.AsSpan(SeedBytes)))
        {
            key.Dispose();
            reason = $"The public half of the {Asymmetric} key does not belong to its seed.";
            return null;
        }

        reason = null;
        return signer;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes, [NotNullWhen(false)] out string? reason)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        // The decoder forgives white space and stray trailing bits; other implementations do not, so only the canonical form passes.
        if (Convert.TryFromBase64Chars(text, buffer, out var written)
            && text.SequenceEqual(Convert.ToBase64String(buffer, 0, written)))
        {
            bytes = buffer[..written];
            reason = null;
            return true;
        }

        bytes = [];
        reason = "A signing key must be standard base 64 with padding after its prefix.";
        return false;
    }
}
