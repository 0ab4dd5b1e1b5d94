namespace Webhooks.Gateway.Api.Http;

/// <summary>Slashes doubled or trailing are one address with the clean one: SDKs of all ages are served.</summary>
internal static class PathNormalization
{
    public static void UseNormalizedPaths(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var path = context.Request.Path.Value;
        if (path is { Length: > 1 } && (path[^1] == '/' || path.Contains("//", StringComparison.Ordinal)) && !path.StartsWith("/orleans", StringComparison.Ordinal))
        {
            context.Request.Path = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }

        return next(context);
    });
}
