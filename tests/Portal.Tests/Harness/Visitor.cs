using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Webhooks.Portal.Tests.Harness;

/// <summary>Somebody with a browser of their own; what goes wrong in it is remembered.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _faults = new();
    private string? _forgiven;

    private Visitor(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        Page = page;
        _address = address;
    }

    public IPage Page { get; }

    /// <summary>Errors of the console, and requests to anybody but the gateway.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Visitor> OpenAsync(IBrowser browser, Uri address, string zone)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = 1280, Height = 860 },
            TimezoneId = zone,
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page, address);
        page.Console += (_, message) =>
        {
            // A page that is not there is a case that is looked for; everything else is a fault.
            if (message.Type == "error" && !message.Text.Contains("404 (Not Found)", StringComparison.Ordinal))
            {
                visitor._faults.Enqueue(message.Text + " " + message.Location);
            }
        };
        page.PageError += (_, error) => visitor._faults.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } url && url.Authority != address.Authority)
            {
                visitor._faults.Enqueue("A request to " + request.Url);
            }
        };
        return visitor;
    }

    /// <summary>Opens a link and waits until the page answers to the hand.</summary>
    public async Task FollowAsync(Uri link)
    {
        await Page.GotoAsync(link.AbsoluteUri);
        await ReadyAsync();
    }

    /// <summary>Opens an address of the gateway.</summary>
    public Task OpenAsync(string path) => FollowAsync(new Uri(_address, path));

    /// <summary>Waits until the page has its circuit.</summary>
    public Task ReadyAsync() => Page.Locator("main[data-ready=true]").WaitForAsync();

    /// <summary>Faults that a test provokes.</summary>
    public void Forgive(string part) => _forgiven = part;

    /// <summary>Waits until the page is told of what happens.</summary>
    public Task LiveAsync() => Page.GetByText("Live: attempts appear as they end").WaitForAsync();

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        var unforgiven = _faults.Where(fault => _forgiven is null || !fault.Contains(_forgiven, StringComparison.Ordinal)).ToArray();
        Assert.True(unforgiven.Length == 0, string.Join('\n', unforgiven));
    }
}
