using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Portal.Look;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>Marks pages that are shown to whoever has not signed in.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ForEveryoneAttribute : Attribute;

/// <summary>Finds the session of a page or a circuit, sends whoever has none to sign in, and tells browsers what pages may do.</summary>
internal sealed class PageGuard(RequestDelegate next, IOptions<PortalOptions> options)
{
    private const string Circuits = "/_blazor";

    private readonly string _policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors " + options.Value.FrameAncestors;

    public async Task InvokeAsync(HttpContext context, SessionCookie sessions)
    {
        var page = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
        var isCircuit = context.Request.Path.StartsWithSegments(Circuits, StringComparison.Ordinal);
        // Forms are bound to whoever they were shown to.
        var isForm = context.Request.Path.StartsWithSegments(SessionRoutes.SignIn, StringComparison.Ordinal);
        if (page is null && !isCircuit && !isForm)
        {
            await next(context);
            return;
        }

        if (isCircuit && IsForeign(context.Request))
        {
            // Sockets know no same-origin rule: else any site could open a circuit in its visitors' names and read along.
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var user = await sessions.ReadAsync(context);
        if (user is not null)
        {
            context.User = user.ToPrincipal();
        }

        if (page is null)
        {
            await next(context);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache, no-store";
        if (user is null && !page.IsDefined(typeof(ForEveryoneAttribute), inherit: false))
        {
            var asked = context.Request.Path + Viewer.Without(context.Request.QueryString);
            context.Response.Redirect("/sign-in" + Viewer.Only(context.Request.QueryString).Add("return", asked));
            return;
        }

        await next(context);
    }

    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
