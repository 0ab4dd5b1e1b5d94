using System.Net.Http.Json;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;

namespace Webhooks.Portal.Tests.Operator;

/// <summary>The first webhook of a new user, by the inbox alone.</summary>
public sealed class InboxTests(PortalFixture portal)
{
    [Fact]
    public async Task A_new_user_sees_a_verified_webhook_arrive_and_then_one_fail_without_writing_code()
    {
        var customer = await portal.NewCustomerAsync("Acme");
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Inbox" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "See a webhook arrive" })).ToBeVisibleAsync();
        await visitor.CheckAsync("inboxes");
        await page.GetByRole(AriaRole.Button, new() { Name = "New inbox" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing has arrived yet" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Make an endpoint here" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test event" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Made with the endpoint's key, just now.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Verified", new() { Exact = true }).First).ToBeVisibleAsync();
        var address = await page.GetByRole(AriaRole.Region, new() { Name = "Address of the inbox" }).InnerTextAsync();
        Assert.DoesNotContain("whsec_", await page.ContentAsync());

        await page.GetByLabel("How often").SelectOptionAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Answer so" }).ClickAsync();
        await Assertions.Expect(page.GetByText("503, the next 2")).ToBeVisibleAsync();
        await customer.PublishAsync("invoice.paid", new() { ["type"] = "invoice.paid" });
        await Assertions.Expect(page.GetByText("503", new() { Exact = true })).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("Well", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.CheckAsync("inbox");

        var message = (await page.Locator("table .mono").First.InnerTextAsync()).Trim();
        await visitor.OpenAsync($"/apps/{customer.App}/find?q={message}");
        await Assertions.Expect(page.Locator(".timeline li:not(.ok)")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".timeline li.ok")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByText("503").First).ToBeVisibleAsync();

        // Whoever knows the address may look and send, without having signed in.
        await using var guest = await portal.NewVisitorAsync();
        await guest.OpenAsync(new Uri(address.Trim()).AbsolutePath.Replace("/inbox/", "/inboxes/", StringComparison.Ordinal));
        using var http = new HttpClient();
        using var sent = await http.PostAsJsonAsync(address.Trim(), new { hello = "world" }, TestContext.Current.CancellationToken);
        await Assertions.Expect(guest.Page.GetByText("The request carries no signature.")).ToBeVisibleAsync();
        await guest.CheckAsync("inbox-guest");
    }
}
