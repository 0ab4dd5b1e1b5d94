using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests;

/// <summary>From the link to the first event delivered.</summary>
public sealed class FirstVisitTests(PortalFixture portal)
{
    [Fact]
    public async Task A_first_visit_ends_with_a_test_event_seen_delivered()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        await customer.NewEventTypeAsync("order.paid", "An order was paid.", "Orders", new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["order"] = new JsonObject { ["type"] = "integer" }, ["total"] = new JsonObject { ["type"] = "number" } },
            ["examples"] = new JsonArray(new JsonObject { ["order"] = 1017, ["total"] = 12.5, ["note"] = "<script>alert(1)</script>" }),
        });
        await customer.NewEventTypeAsync("order.shipped", "An order has left the warehouse.", "Orders");
        await customer.NewEventTypeAsync("invoice.due", "An invoice is to be paid.", "Invoices");
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Add endpoint" }).ClickAsync();
        await page.GetByLabel("URL").FillAsync("not a url");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add endpoint" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Must be an absolute http or https URL." })).ToBeVisibleAsync();
        await page.GetByLabel("Only these").CheckAsync();
        await page.GetByText("Schema and example").ClickAsync();
        await visitor.CheckAsync("new-endpoint");

        await page.GetByLabel("URL").FillAsync(receiver.Url.AbsoluteUri);
        await page.GetByLabel("Description").FillAsync("Shop's back office");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "order.paid" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add endpoint" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Send a test event" })).ToBeVisibleAsync();
        await page.GetByLabel("Event type").SelectOptionAsync("order.paid");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send test event" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Delivered · 200")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Body of the request" })).ToContainTextAsync("<script>alert(1)</script>");
        await visitor.CheckAsync("testing");

        var received = Assert.Single(receiver.Requests);
        Assert.Equal(1017, JsonNode.Parse(received.Body)!["order"]!.GetValue<int>());
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints");
        await Assertions.Expect(page.GetByText("Shop's back office")).ToBeVisibleAsync();
        await visitor.CheckAsync("endpoints");
        await page.GetByRole(AriaRole.Link, new() { Name = receiver.Url.AbsoluteUri }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Shop's back office" })).ToBeVisibleAsync();
        await visitor.CheckAsync("overview");
        await page.GetByRole(AriaRole.Link, new() { Name = "Event types" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Invoices" })).ToBeVisibleAsync();
        await visitor.CheckAsync("event-types");
    }
}
