using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>
/// The public keys that sign an endpoint's deliveries, as a JSON Web Key Set (RFC 7517, 8037). Open to anybody who knows the
/// endpoint's id: receivers hold no token of ours. Symmetric keys are secret and never stand in it.
/// </summary>
internal static class JwksApi
{
    // Short, so that receivers meet a new key in time; the key before it goes on signing for a day by default.
    private const string Caching = "public, max-age=300";

    public static void MapJwks(this WebApplication app) => app.MapGet("/jwks/{endpointId}", GetAsync);

    private static async Task<IResult> GetAsync(HttpContext http, string endpointId, GrainCalls calls)
    {
        var keys = await calls.ReadAsync(g => g.GetGrain<IEndpointQueries>(0).ListPublicKeys(endpointId)) ?? throw ApiException.NotFound();
        http.Response.Headers.CacheControl = Caching;
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in keys)
            {
                var x = Base64Url.EncodeToString(key);
                json.WriteStartObject();
                json.WriteString("kty", "OKP");
                json.WriteString("crv", "Ed25519");
                json.WriteString("x", x);
                json.WriteString("kid", Thumbprint(x));
                json.WriteString("use", "sig");
                json.WriteString("alg", "EdDSA");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>RFC 7638: the hash of the members that make the key, in this order and without a space.</summary>
    private static string Thumbprint(string x) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("""{"crv":"Ed25519","kty":"OKP","x":""" + '"' + x + "\"}")));
}
