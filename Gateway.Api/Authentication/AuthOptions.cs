namespace Webhooks.Gateway.Api.Authentication;

/// <summary>How tokens are checked. Section <c>Webhooks:Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Auth";

    /// <summary>The HS256 secret, taken as its UTF-8 bytes. A standalone process makes and keeps one when it is not set.</summary>
    public string? JwtSecret { get; set; }
}
