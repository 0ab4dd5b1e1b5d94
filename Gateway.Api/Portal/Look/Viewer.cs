using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Webhooks.Gateway.Api.Portal.Session;

namespace Webhooks.Gateway.Api.Portal.Look;

/// <summary>How somebody wants to see pages: what the browser says of itself, and what a link has set.</summary>
/// <param name="Theme">light, dark, or null for what the system wants.</param>
/// <param name="Zone">Name of the browser's time zone; null before it is known.</param>
/// <param name="Light">Colour on a light ground; null for the setting's.</param>
/// <param name="Dark">Colour on a dark ground; null for the setting's.</param>
/// <param name="Embedded">Whether pages stand in another site, which has a header of its own.</param>
public sealed record Viewer(string? Theme, string? Zone, string? Light, string? Dark, bool Embedded)
{
    private const string ThemeCookie = "webhooks-theme";
    private const string ZoneCookie = "webhooks-zone";
    private const string LookCookie = "webhooks-look";
    private const int DaysKept = 28;

    private static readonly string[] Parameters = ["theme", "primaryColorLight", "primaryColorDark", "embed"];

    internal static Viewer Of(HttpContext http)
    {
        var cookies = http.Request.Cookies;
        var query = http.Request.Query;
        var kept = QueryHelpers.ParseQuery(cookies[LookCookie]);
        string? Text(string name) => query.TryGetValue(name, out var now) ? now.ToString() : kept.TryGetValue(name, out var before) ? before.ToString() : null;
        return new Viewer(
            ThemeName(query["theme"].ToString() is { Length: > 0 } asked ? asked : cookies[ThemeCookie] ?? Text("theme")),
            cookies[ZoneCookie] is { Length: > 0 and <= 64 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null,
            ReadableColor.TryParse(Text("primaryColorLight")),
            ReadableColor.TryParse(Text("primaryColorDark")),
            Text("embed") == "true");
    }

    /// <summary>The part of a query that says how pages are to look.</summary>
    internal static QueryString Only(QueryString query) => Filter(query, Parameters.Contains);

    /// <summary>The rest of it.</summary>
    internal static QueryString Without(QueryString query) => Filter(query, static name => !Parameters.Contains(name));

    /// <summary>Remembers what the link has set for the pages behind it.</summary>
    internal static void Keep(HttpContext http, DateTimeOffset now)
    {
        var looks = Only(http.Request.QueryString);
        var cookie = new EmbeddableCookie { Name = LookCookie, HttpOnly = true, IsEssential = true, Expiration = TimeSpan.FromDays(DaysKept) };
        if (looks.HasValue && looks.Value!.Length < 512)
        {
            http.Response.Cookies.Append(LookCookie, looks.Value, cookie.Build(http, now));
        }
        else
        {
            http.Response.Cookies.Delete(LookCookie, cookie.Build(http, now));
        }
    }

    /// <summary>The moment as the viewer's clock shows it.</summary>
    internal string Show(DateTimeOffset time) => InZone(time).ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The moment to the millisecond, with its distance from UTC.</summary>
    internal string ShowExactly(DateTimeOffset time) => InZone(time).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture) + " " + (Zone ?? "UTC");

    internal DateTimeOffset InZone(DateTimeOffset time) =>
        Zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) ? TimeZoneInfo.ConvertTime(time, zone) : time.ToUniversalTime();

    private static string? ThemeName(string? text) => text is "light" or "dark" ? text : null;

    private static QueryString Filter(QueryString query, Func<string, bool> wanted) => QueryString.Create(
        QueryHelpers.ParseQuery(query.Value).Where(p => wanted(p.Key)).Select(static p => KeyValuePair.Create(p.Key, (string?)p.Value.ToString())));
}
