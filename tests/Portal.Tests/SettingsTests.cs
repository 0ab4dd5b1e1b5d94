using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests;

/// <summary>Changing an endpoint: its secret, its settings, its end.</summary>
public sealed class SettingsTests(PortalFixture portal)
{
    [Fact]
    public async Task A_secret_is_revealed_and_rotated()
    {
        var customer = await portal.NewCustomerAsync();
        var endpoint = await customer.NewEndpointAsync(new Uri("http://127.0.0.1:9/"));
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=secret");
        var secret = page.Locator(".secret-value");
        await Assertions.Expect(secret).ToContainTextAsync("•••");
        await visitor.CheckAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
        await Assertions.Expect(secret).Not.ToContainTextAsync("•••");
        var first = await secret.InnerTextAsync();
        Assert.Equal(first, (await customer.GetAsync($"app/{customer.App}/endpoint/{endpoint}/secret"))["key"]!.GetValue<string>());

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate secret" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Assertions.Expect(page.GetByText("There is a new secret")).ToBeVisibleAsync();
        await Assertions.Expect(secret).Not.ToHaveTextAsync(first);
        Assert.Equal(await secret.InnerTextAsync(), (await customer.GetAsync($"app/{customer.App}/endpoint/{endpoint}/secret"))["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Settings_are_changed_and_faults_stand_next_to_their_fields()
    {
        var customer = await portal.NewCustomerAsync();
        var endpoint = await customer.NewEndpointAsync(new Uri("http://127.0.0.1:9/"));
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=settings");
        await page.GetByLabel("Channels").FillAsync("no spaces please");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Assertions.Expect(page.Locator(".form-row").Filter(new() { HasText = "Channels" }).GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visitor.CheckAsync("settings");

        await page.GetByLabel("Channels").FillAsync("shop-1, shop-2");
        await page.GetByLabel("Order", new() { Exact = true }).SelectOptionAsync("key");
        await page.GetByLabel("Deliveries per second").FillAsync("7");
        await page.GetByLabel("Headers").FillAsync("X-Shop: one\nAuthorization: Basic abc");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("is set and not shown")).ToBeVisibleAsync();
        var saved = await customer.GetAsync($"app/{customer.App}/endpoint/{endpoint}");
        Assert.Equal(("key", 7, 2), (saved["ordering"]!.GetValue<string>(), saved["throttleRate"]!.GetValue<int>(), saved["channels"]!.AsArray().Count));

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete endpoint" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No endpoints yet" })).ToBeVisibleAsync();
    }
}
