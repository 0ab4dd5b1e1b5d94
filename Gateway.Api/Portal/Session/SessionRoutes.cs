using Microsoft.AspNetCore.Mvc;
using Webhooks.Gateway.Api.Portal.Look;

namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>Signing in and out: forms that pages post.</summary>
internal static class SessionRoutes
{
    public const string SignIn = "/session";
    public const string SignOut = "/session/end";

    public static void MapSession(this WebApplication app)
    {
        app.MapGet("/", EnterAsync).ExcludeFromDescription();
        app.MapPost(SignIn, SignInAsync).ExcludeFromDescription();
        app.MapPost(SignOut, End).ExcludeFromDescription();
    }

    /// <summary>To where this session begins. What a link carries behind its mark, browsers carry along.</summary>
    private static async Task<IResult> EnterAsync(HttpContext http, SessionCookie sessions)
    {
        var begin = await sessions.ReadAsync(http) switch
        {
            null => "/sign-in",
            { Application: { } application } => $"/apps/{application}/endpoints",
            _ => "/apps",
        };
        return Results.LocalRedirect(begin + Viewer.Only(http.Request.QueryString));
    }

    private static async Task<IResult> SignInAsync(HttpContext http, [FromForm] string? token, [FromForm(Name = "return")] string? back, SessionCookie sessions, TimeProvider time)
    {
        var looks = Viewer.Only(http.Request.QueryString);
        var user = await sessions.SignInAsync(http, token ?? "");
        if (user is null)
        {
            return Results.LocalRedirect("/sign-in" + looks.Add("refused", "true").Add("return", IsLocal(back) ? back! : "/"));
        }

        Viewer.Keep(http, time.GetUtcNow());
        return Results.LocalRedirect(IsLocal(back) ? back! : "/");
    }

    private static IResult End(HttpContext http, SessionCookie sessions, [FromForm] string? back)
    {
        sessions.SignOut(http);
        return Results.LocalRedirect("/sign-in");
    }

    private static bool IsLocal(string? path) => path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);
}
