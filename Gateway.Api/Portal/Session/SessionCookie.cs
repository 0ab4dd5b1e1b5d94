using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>The token of a session in a cookie that scripts cannot read and nobody else can open.</summary>
internal sealed class SessionCookie(IDataProtectionProvider protection, Tokens tokens, TimeProvider time)
{
    /// <summary>Browsers refuse cookies beyond 4 KB.</summary>
    private const int LongestToken = 2500;

    private readonly IDataProtector _protector = protection.CreateProtector("portal session");
    private readonly EmbeddableCookie _cookie = new() { Name = "webhooks-session", HttpOnly = true, IsEssential = true };

    /// <summary>Keeps the token if it is valid; else null and nothing.</summary>
    public async Task<SessionUser?> SignInAsync(HttpContext http, string token)
    {
        token = token.Trim();
        if (token.Length > LongestToken || await AuthenticateAsync(token) is not { } user)
        {
            return null;
        }

        var options = _cookie.Build(http, time.GetUtcNow());
        var until = new JsonWebToken(token).ValidTo;
        options.Expires = until == default ? null : until;
        http.Response.Cookies.Append(_cookie.Name!, _protector.Protect(token), options);
        return user;
    }

    public void SignOut(HttpContext http) => http.Response.Cookies.Delete(_cookie.Name!, _cookie.Build(http, time.GetUtcNow()));

    /// <summary>Who has signed in, as long as the token is valid.</summary>
    public async Task<SessionUser?> ReadAsync(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(_cookie.Name!, out var value))
        {
            return null;
        }

        try
        {
            return await AuthenticateAsync(_protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            // Of another secret, or not of ours at all: as good as none.
            return null;
        }
    }

    private async Task<SessionUser?> AuthenticateAsync(string token)
    {
        try
        {
            var caller = await tokens.AuthenticateAsync("Bearer " + token);
            return new SessionUser(token, caller.Organization, caller.Application);
        }
        catch (ApiException)
        {
            return null;
        }
    }
}
