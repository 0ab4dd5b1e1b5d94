using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Hosting;

namespace Webhooks.Gateway.Api.Hosting;

/// <summary>The Orleans dashboard, for organization tokens: in the header, or for browsers in a cookie after a sign-in page.</summary>
internal static class DashboardAccess
{
    private const string Root = "/orleans";
    private const string Login = Root + "/login";
    private const string Cookie = "webhooks-operator";

    public static void MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Dashboard)
        {
            return;
        }

        app.MapGet(Login, static () => Results.Content(Page(""), "text/html; charset=utf-8"));
        app.MapPost(Login, async (HttpContext http, Tokens tokens) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var token = form["token"].ToString().Trim();
            if (!await IsOperatorAsync(tokens, "Bearer " + token))
            {
                return Results.Content(Page("That is not a valid organization token."), "text/html; charset=utf-8", statusCode: 401);
            }

            http.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = Root });
            return Results.LocalRedirect(Root + "/");
        }).DisableAntiforgery();
        app.MapOrleansDashboard(Root).AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var header = http.Request.Headers.Authorization.FirstOrDefault() ?? (http.Request.Cookies[Cookie] is { } token ? "Bearer " + token : null);
            if (await IsOperatorAsync(http.RequestServices.GetRequiredService<Tokens>(), header))
            {
                return await next(context);
            }

            var browses = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
            return browses ? Results.LocalRedirect(Login) : JsonBody.Error(401, "authentication_failed", "Invalid token");
        });
    }

    private static async Task<bool> IsOperatorAsync(Tokens tokens, string? header)
    {
        try
        {
            return (await tokens.AuthenticateAsync(header)).Application is null;
        }
        catch (ApiException)
        {
            return false;
        }
    }

    private static string Page(string fault) => $$"""
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Orleans dashboard</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1rem}input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;margin-top:.5rem}p.fault{color:#b00020}</style>
        <h1>Orleans dashboard</h1><p>Sign in with an organization token, as <code>token create</code> prints it.</p><p class="fault" role="alert">{{fault}}</p>
        <form method="post" action="{{Login}}"><label>Token <input name="token" type="password" autocomplete="off" required autofocus></label><button>Sign in</button></form></html>
        """;
}
