using System.Text.Json;
using Microsoft.Playwright;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Portal.Tests.Harness;

/// <summary>What every page must be: for everybody, on every screen, quiet on the console.</summary>
public static class PageChecks
{
    private const int Narrow = 360;
    private const string Folder = "docs/images";

    private static readonly string Axe = File.ReadAllText(Path.Combine(BuiltOutput.Repository, "tests/Portal.Tests/node/node_modules/axe-core/axe.min.js"));
    private static readonly bool Pictures = Environment.GetEnvironmentVariable("WEBHOOKS_SCREENSHOTS") == "1";

    /// <summary>Looks at the page as it stands: light, dark and narrow.</summary>
    /// <param name="visitor">Whose page it is.</param>
    /// <param name="name">Its name, of pictures too.</param>
    /// <param name="picture">Whether the documentation wants pictures of it.</param>
    public static async Task CheckAsync(this Visitor visitor, string name, bool picture = true)
    {
        var page = visitor.Page;
        // While one page goes and the next is read there is nothing to be checked.
        await page.Locator("h1").First.WaitForAsync();
        await ViolationsAsync(page, name + ", light");
        await PictureAsync(page, name + "-light", picture);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await PictureAsync(page, name + "-dark", picture);
        await page.SetViewportSizeAsync(Narrow, 780);
        await ViolationsAsync(page, name + ", dark and narrow");
        await FitsAsync(page, name);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await PictureAsync(page, name + "-narrow", picture);
        await page.SetViewportSizeAsync(1280, 860);
        Assert.Empty(visitor.Faults);
    }

    private static async Task FitsAsync(IPage page, string name)
    {
        var wide = await page.EvaluateAsync<string[]>("""
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [`${document.documentElement.scrollWidth} > ${innerWidth}`,
                ...[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('pre')).slice(0, 8).map(e => e.outerHTML.slice(0, 120))]
            """);
        Assert.True(wide.Length == 0, $"{name} is wider than the screen:\n{string.Join('\n', wide)}");
    }

    private static async Task ViolationsAsync(IPage page, string what)
    {
        if (!await page.EvaluateAsync<bool>("() => !!window.axe"))
        {
            await page.EvaluateAsync(Axe + "; void 0");
        }

        var found = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical' || v.impact === 'moderate')
                .map(v => `${v.impact} ${v.id}: ${v.help}\n` + v.nodes.slice(0, 4).map(n => '  ' + n.html.slice(0, 200) + '\n  ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join('\n'))
            """);
        var lines = found.EnumerateArray().Select(static line => line.GetString()).ToArray();
        Assert.True(lines.Length == 0, $"{what}:\n{string.Join('\n', lines)}");
    }

    private static async Task PictureAsync(IPage page, string name, bool wanted)
    {
        if (Pictures && wanted)
        {
            await page.EvaluateAsync("() => scrollTo(0, 0)");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(BuiltOutput.Repository, Folder, name + ".png") });
        }
    }
}
