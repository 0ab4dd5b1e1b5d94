using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Faults.Receiving;

/// <summary>Standard Webhooks signatures, checked by code of the harness's own.</summary>
internal static class Signature
{
    private const string Prefix = "whsec_";

    /// <summary>A new secret.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    /// <summary>Whether one of the signatures in the header holds.</summary>
    public static bool Holds(string secret, string id, string timestamp, ReadOnlySpan<byte> body, string header)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed);
        var text = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(expected));
        return header.Split(' ').Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), text));
    }
}
