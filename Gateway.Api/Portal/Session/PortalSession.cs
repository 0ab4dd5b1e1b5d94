using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>The session of a page and of the circuit that it becomes.</summary>
internal sealed class PortalSession(AuthenticationStateProvider states, TimeProvider time)
{
    /// <summary>Who looks; null where nobody has signed in, and once the token has had its time: a circuit may outlive it.</summary>
    public async ValueTask<SessionUser?> FindAsync() =>
        SessionUser.Of((await states.GetAuthenticationStateAsync()).User) is { } user && !IsOver(user.Token) ? user : null;

    private bool IsOver(string token) => new JsonWebToken(token).ValidTo is var end && end != default && end <= time.GetUtcNow().UtcDateTime;
}
