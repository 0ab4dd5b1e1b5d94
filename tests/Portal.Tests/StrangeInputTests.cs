using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests;

/// <summary>What people and programs send in, and links that others made.</summary>
public sealed class StrangeInputTests(PortalFixture portal)
{
    [Theory]
    [InlineData("""{"half": "\ud800"}""", "half")]
    [InlineData("""{"quotes": ["a", "b"]}""", "quotes")]
    public async Task A_payload_is_shown_whatever_is_in_it(string payload, string shown)
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        await customer.NewEndpointAsync(receiver.Url);
        var message = await customer.PublishRawAsync("odd.one", payload);
        await receiver.WaitForAsync(1);
        await using var visitor = await portal.VisitAsync(customer);
        await visitor.OpenAsync($"/apps/{customer.App}/messages/{message}");
        await Assertions.Expect(visitor.Page.Locator("pre").Filter(new() { HasText = shown }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_long_payload_does_not_keep_a_page_from_working()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        await customer.NewEndpointAsync(receiver.Url);
        var message = await customer.PublishAsync("long.one", new JsonObject { ["text"] = new string('ж', 60_000) });
        await receiver.WaitForAsync(1);
        await using var visitor = await portal.VisitAsync(customer);
        // Waits until the page has its circuit.
        await visitor.OpenAsync($"/apps/{customer.App}/messages/{message}");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "long.one" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_link_of_somebody_else_takes_nobody_out_of_a_session_unasked()
    {
        var customer = await portal.NewCustomerAsync();
        var stranger = await portal.NewCustomerAsync("Stranger");
        await using var visitor = await portal.VisitAsync(customer);
        await visitor.Page.GotoAsync(stranger.Link.AbsoluteUri);
        await Assertions.Expect(visitor.Page.GetByText("You are signed in already")).ToBeVisibleAsync();
        await visitor.OpenAsync("/apps");
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Uri(portal.Address, $"/apps/{customer.App}/endpoints").AbsoluteUri);
    }

    [Fact]
    public async Task Who_has_not_signed_in_makes_no_inbox()
    {
        await using var visitor = await portal.NewVisitorAsync();
        await visitor.OpenAsync("/inboxes/in_none");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Make a new one" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("Token")).ToBeVisibleAsync();
    }
}
