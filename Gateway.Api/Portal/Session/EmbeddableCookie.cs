namespace Webhooks.Gateway.Api.Portal.Session;

/// <summary>
/// A cookie that also works inside of another site's frame where the connection is secure, in a jar of that site's own;
/// browsers refuse such a cookie elsewhere.
/// </summary>
internal sealed class EmbeddableCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Path = "/";
        options.Secure = context.Request.IsHttps;
        options.SameSite = context.Request.IsHttps ? SameSiteMode.None : SameSiteMode.Lax;
        if (context.Request.IsHttps && !options.Extensions.Contains("Partitioned"))
        {
            options.Extensions.Add("Partitioned");
        }

        return options;
    }
}
