using System.Collections.Immutable;
using Microsoft.Playwright;
using Webhooks.Tests.Shared.Processes;

[assembly: AssemblyFixture(typeof(Webhooks.Portal.Tests.Harness.PortalFixture))]

namespace Webhooks.Portal.Tests.Harness;

/// <summary>One gateway, as it is installed, and one browser for all tests: each has an application, or an organization, of its own.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly TemporaryFolder _folder = new();
    private GatewayProcess? _gateway;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Uri Address => _gateway!.Address;

    /// <summary>What the gateway wrote.</summary>
    public string Output => _gateway!.Output;

    public async ValueTask InitializeAsync()
    {
        var gateway = GatewayProcess.StartAsync(Settings.Standalone(_folder.Path).With("Webhooks__Inbox__Enabled", "true"), TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        _gateway = await gateway;
    }

    /// <summary>A customer with an application that no other test has.</summary>
    public Task<Customer> NewCustomerAsync(string name = "Acme") => Customer.CreateAsync(Address, name);

    /// <summary>A browser of its own, with nobody signed in.</summary>
    public Task<Visitor> NewVisitorAsync(string zone = "Europe/Berlin", Uri? at = null) => Visitor.OpenAsync(_browser!, at ?? Address, zone);

    /// <summary>A browser that has followed the customer's link.</summary>
    public async Task<Visitor> VisitAsync(Customer customer)
    {
        var visitor = await NewVisitorAsync();
        await visitor.FollowAsync(customer.Link);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _folder.Dispose();
    }
}
