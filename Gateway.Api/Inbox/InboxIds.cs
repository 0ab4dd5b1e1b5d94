using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>
/// Ids of inboxes. Whoever has one may look into it, so nobody can guess one; and each proves by itself that it was given
/// out, so that every gateway of a cluster knows it, also after a restart, and nobody can make inboxes by calling names.
/// </summary>
internal sealed class InboxIds
{
    private const string Prefix = "in_";
    private const int RandomBytes = 15;
    private const int ProofBytes = 12;
    private const string Path = "/inbox/";

    private readonly byte[] _key;

    /// <param name="secret">The secret of the tokens, which all gateways share.</param>
    public InboxIds(string secret) => _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "inbox ids"u8.ToArray());

    public string Create()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + ProofBytes];
        RandomNumberGenerator.Fill(bytes[..RandomBytes]);
        Prove(bytes[..RandomBytes], bytes[RandomBytes..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether it was given out by a gateway with this secret.</summary>
    public bool IsOurs(string id)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + ProofBytes];
        if (id.Length != Prefix.Length + ((RandomBytes + ProofBytes) / 3 * 4)
            || !id.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base64Url.TryDecodeFromChars(id.AsSpan(Prefix.Length), bytes, out var written)
            || written != bytes.Length)
        {
            return false;
        }

        Span<byte> proof = stackalloc byte[ProofBytes];
        Prove(bytes[..RandomBytes], proof);
        return CryptographicOperations.FixedTimeEquals(proof, bytes[RandomBytes..]);
    }

    /// <summary>The inbox that a URL leads to, under whatever name its host has; null for any other URL.</summary>
    public string? FindIn(string url)
    {
        var at = url.IndexOf(Path, StringComparison.Ordinal);
        var id = at < 0 ? "" : url[(at + Path.Length)..].Split('/', '?', '#')[0];
        return IsOurs(id) ? id : null;
    }

    private void Prove(ReadOnlySpan<byte> random, Span<byte> proof)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, random, mac);
        mac[..ProofBytes].CopyTo(proof);
    }
}
