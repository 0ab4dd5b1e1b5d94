using System.Security.Claims;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>Who looks at pages: the token of the session, and whose it is.</summary>
/// <param name="Token">The bearer token that calls of the API carry.</param>
/// <param name="Organization">The organization.</param>
/// <param name="Application">The one application that the token is for; null for all of the organization's.</param>
internal sealed record SessionUser(string Token, string Organization, string? Application)
{
    private const string TokenClaim = "token";
    private const string OrganizationClaim = "org";
    private const string ApplicationClaim = "app";

    public ClaimsPrincipal ToPrincipal()
    {
        List<Claim> claims = [new(TokenClaim, Token), new(OrganizationClaim, Organization)];
        if (Application is not null)
        {
            claims.Add(new Claim(ApplicationClaim, Application));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, "portal"));
    }

    /// <summary>Null where nobody has signed in.</summary>
    public static SessionUser? Of(ClaimsPrincipal principal) =>
        principal.FindFirstValue(TokenClaim) is { } token && principal.FindFirstValue(OrganizationClaim) is { } organization
            ? new SessionUser(token, organization, principal.FindFirstValue(ApplicationClaim))
            : null;
}
