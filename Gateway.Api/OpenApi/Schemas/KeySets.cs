using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Ours]
[Description("A JSON Web Key Set (RFC 7517).")]
internal sealed record KeySetOut
{
    [Description("The keys that sign now, the current one first; none where only symmetric keys sign.")]
    public required List<PublicKeyOut> Keys { get; init; }
}

[Ours]
[Description("A public Ed25519 key (RFC 8037).")]
internal sealed record PublicKeyOut
{
    [Description("Always `OKP`.")]
    [AllowedValues("OKP")]
    public required string Kty { get; init; }

    [Description("Always `Ed25519`.")]
    [AllowedValues("Ed25519")]
    public required string Crv { get; init; }

    [Description("The 32 bytes of the key, as base64url.")]
    public required string X { get; init; }

    [Description("The key's thumbprint (RFC 7638).")]
    public required string Kid { get; init; }

    [Description("Always `sig`.")]
    [AllowedValues("sig")]
    public required string Use { get; init; }

    [Description("Always `EdDSA`.")]
    [AllowedValues("EdDSA")]
    public required string Alg { get; init; }
}
