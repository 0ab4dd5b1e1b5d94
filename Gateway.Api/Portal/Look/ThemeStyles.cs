using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using MudBlazor;

namespace Webhooks.Gateway.Api.Portal.Look;

/// <summary>
/// Both palettes as one style sheet, between which the browser chooses by the system or by a mark on the page: the first
/// paint is right without a script and without asking.
/// </summary>
internal sealed class ThemeStyles(IServiceScopeFactory scopes, IOptions<PortalOptions> options, ILoggerFactory loggers)
{
    private readonly Lazy<Task<string>> _styles = new(() => MakeAsync(scopes, options.Value, loggers));

    public Task<string> ReadAsync() => _styles.Value;

    /// <summary>What a viewer's own colours change; null when there are none.</summary>
    public static string? Override(Viewer viewer)
    {
        var light = viewer.Light is null ? "" : Variables(ReadableColor.On(viewer.Light, PortalTheme.LightGround));
        var dark = viewer.Dark is null ? "" : Variables(ReadableColor.On(viewer.Dark, PortalTheme.DarkGround));
        return light + dark == "" ? null : Choose(light, dark);
    }

    private static string Variables(string color)
    {
        var (r, g, b) = (Convert.ToInt32(color[1..3], 16), Convert.ToInt32(color[3..5], 16), Convert.ToInt32(color[5..7], 16));
        return $"--mud-palette-primary:{color};--mud-palette-primary-text:{ReadableColor.TextOn(color)};--mud-palette-primary-rgb:{r},{g},{b};"
            + $"--mud-palette-primary-darken:{color};--mud-palette-primary-lighten:{color};--mud-palette-primary-hover:rgba({r},{g},{b},.08);";
    }

    private static string Choose(string light, string dark) =>
        $":root{{{light}}}@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}:root[data-theme=dark]{{{dark}}}";

    private static async Task<string> MakeAsync(IServiceScopeFactory scopes, PortalOptions options, ILoggerFactory loggers)
    {
        var theme = PortalTheme.Of(
            ReadableColor.On(options.PrimaryColor, PortalTheme.LightGround), ReadableColor.On(options.PrimaryColorDark, PortalTheme.DarkGround));
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var light = await PaletteAsync(renderer, theme, dark: false);
        var dark = await PaletteAsync(renderer, theme, dark: true);
        return Choose(light + "color-scheme:light;", dark + "color-scheme:dark;");
    }

    /// <summary>The variables that MudBlazor writes for a theme, without the rule around them.</summary>
    private static Task<string> PaletteAsync(HtmlRenderer renderer, MudTheme theme, bool dark) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = theme,
            [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
        });
        var text = System.Net.WebUtility.HtmlDecode((await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString());
        var begin = text.IndexOf(":root", StringComparison.Ordinal);
        begin = begin < 0 ? -1 : text.IndexOf('{', begin);
        var end = begin < 0 ? -1 : text.IndexOf('}', begin);
        return end < 0 ? throw new InvalidOperationException("MudBlazor wrote no palette.") : text[(begin + 1)..end].ReplaceLineEndings("").Trim();
    });
}

internal static class ThemeRoutes
{
    public const string Address = "/portal/theme.css";

    public static void MapTheme(this WebApplication app) => app.MapGet(Address, static async (HttpContext http, ThemeStyles styles) =>
    {
        var text = Encoding.UTF8.GetBytes(await styles.ReadAsync());
        http.Response.Headers.CacheControl = "no-cache";
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 8))}\"";
        return Results.Bytes(text, "text/css; charset=utf-8", entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue(tag));
    }).ExcludeFromDescription();
}
