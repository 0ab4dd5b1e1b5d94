using Microsoft.AspNetCore.Components.Authorization;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>The session of a page and of the circuit that it becomes.</summary>
internal sealed class PortalSession(AuthenticationStateProvider states)
{
    /// <summary>Who looks; null where nobody has signed in.</summary>
    public async ValueTask<SessionUser?> FindAsync() => SessionUser.Of((await states.GetAuthenticationStateAsync()).User);
}
