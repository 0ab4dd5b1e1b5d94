using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>Bearer tokens made here, not by the system under test.</summary>
public static class Tokens
{
    /// <summary>The secret that all processes of a test share.</summary>
    public const string Secret = "a secret of the process tests, longer than sixty-four bytes so that nothing pads it";

    /// <summary>A token for everything in an organization.</summary>
    public static string ForOrganization(string organization = "org_processes", string secret = Secret) =>
        Sign(new { sub = organization, iss = "processes-tests" }, secret);

    private static string Sign(object claims, string secret)
    {
        var unsigned = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "HS256", typ = "JWT" }))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(unsigned));
        return $"{unsigned}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
