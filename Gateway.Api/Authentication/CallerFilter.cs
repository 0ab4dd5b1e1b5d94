using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Authentication;

/// <summary>Marks what an application's token may not do.</summary>
internal sealed class OrganizationOnly;

/// <summary>Checks the token of every call to a group of routes, before anything else is looked at.</summary>
internal sealed class CallerFilter(Tokens tokens) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = await tokens.AuthenticateAsync(http.Request.Headers.Authorization);
        if (caller.Application is not null && http.GetEndpoint()?.Metadata.GetMetadata<OrganizationOnly>() is not null)
        {
            throw new ApiException(403, "insufficient access", "An application's token may not do this.");
        }

        http.Features.Set(caller);
        return await next(context);
    }
}

internal static class CallerExtensions
{
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The route is in no group that checks tokens.");

    public static RouteHandlerBuilder ForOrganizations(this RouteHandlerBuilder route) => route.WithMetadata(new OrganizationOnly());
}
