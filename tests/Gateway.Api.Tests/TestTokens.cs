using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Tokens made here, not by the gateway.</summary>
public static class TestTokens
{
    /// <summary>The gateway's secret in these tests.</summary>
    public const string Secret = "the secret of the gateway's tests";

    /// <summary>An organization's token.</summary>
    public static string ForOrganization(string organization) => Sign(new JsonObject { ["sub"] = organization });

    /// <summary>An application's token.</summary>
    public static string ForApplication(string organization, string application, params string[] flags) => Sign(new JsonObject
    {
        ["org"] = organization,
        ["sub"] = application,
        ["feature_flags"] = new JsonArray([.. flags.Select(static f => (JsonNode)f)]),
    });

    /// <summary>A token with these claims.</summary>
    public static string Sign(JsonObject claims, string secret = Secret, string algorithm = "HS256")
    {
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        var unsigned = Encode(head.ToJsonString()) + "." + Encode(claims.ToJsonString());
        return unsigned + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(unsigned)));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
