using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;
using Webhooks.Gateway.Api.Portal.Session;
using Webhooks.Grains.Hosting;

namespace Webhooks.Gateway.Api.Hosting;

/// <summary>The Orleans dashboard, for organizations: by their token in the header, or by the session of the portal.</summary>
internal static class DashboardAccess
{
    private const string Root = "/orleans";

    public static void MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Dashboard)
        {
            return;
        }

        app.MapOrleansDashboard(Root).AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (await IsOperatorAsync(http))
            {
                return await next(context);
            }

            var browses = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
            return browses ? Results.LocalRedirect("/sign-in?return=" + Uri.EscapeDataString(Root + "/")) : JsonBody.Error(401, "authentication_failed", "Invalid token");
        });
    }

    private static async Task<bool> IsOperatorAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization.FirstOrDefault() is not { } header)
        {
            return await http.RequestServices.GetRequiredService<SessionCookie>().ReadAsync(http) is { Application: null };
        }

        try
        {
            return (await http.RequestServices.GetRequiredService<Tokens>().AuthenticateAsync(header)).Application is null;
        }
        catch (ApiException)
        {
            return false;
        }
    }
}
