using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests;

/// <summary>An endpoint that fails: seen as it happens, mended, green.</summary>
public sealed class FailingEndpointTests(PortalFixture portal)
{
    [Fact]
    public async Task A_failure_is_followed_live_explained_and_resent()
    {
        await using var receiver = await ReceiverServer.StartAsync(static async (_, context) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync("""{"error":"out of order","help":"<b>call us</b>"}""");
        });
        var customer = await portal.NewCustomerAsync();
        var endpoint = await customer.NewEndpointAsync(receiver.Url);
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=deliveries");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing delivered yet" })).ToBeVisibleAsync();
        await visitor.LiveAsync();

        // The page is not touched from here until the failure is on it.
        await customer.PublishAsync("order.paid", new JsonObject { ["order"] = 1 });
        await Assertions.Expect(page.Locator(".chip").GetByText("Retrying")).ToBeVisibleAsync();
        await visitor.CheckAsync("deliveries");

        await page.GetByRole(AriaRole.Link, new() { Name = "order.paid" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Failed · 500").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("It has been tried").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Body of the answer" }).First).ToContainTextAsync("<b>call us</b>");
        await visitor.CheckAsync("message-failing");

        receiver.Answer = ReceiverServer.Status(200);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resend" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Delivered · 200").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("It was delivered.")).ToBeVisibleAsync();
        await visitor.CheckAsync("message-delivered", picture: false);

        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=stats");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "Attempts over time" })).ToBeVisibleAsync();
        await page.GetByText("The numbers as a table").ClickAsync();
        await visitor.CheckAsync("stats");
        await page.GetByRole(AriaRole.Link, new() { Name = "7 days" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("period=7d"));
    }

    [Fact]
    public async Task A_paused_endpoint_says_so_keeps_what_comes_and_sends_it_when_resumed()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        var endpoint = await customer.NewEndpointAsync(receiver.Url);
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=deliveries");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await visitor.CheckAsync("pause-dialog", picture: false);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This endpoint is paused")).ToBeVisibleAsync();

        await customer.PublishAsync("order.paid", new JsonObject { ["order"] = 2 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip").GetByText("Delivered")).ToBeVisibleAsync();
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task What_failed_is_recovered_with_progress_on_the_page()
    {
        const int Messages = 12;
        await using var receiver = await ReceiverServer.StartAsync(static (_, context) =>
        {
            // Not to be tried again: each becomes a dead letter at once.
            context.Response.StatusCode = 400;
            context.Response.Headers["webhook-delivery"] = "abort-message";
            return Task.CompletedTask;
        });
        var customer = await portal.NewCustomerAsync();
        var endpoint = await customer.NewEndpointAsync(receiver.Url);
        await using var visitor = await portal.VisitAsync(customer);
        var page = visitor.Page;
        for (var i = 0; i < Messages; i++)
        {
            await customer.PublishAsync("order.paid", new JsonObject { ["order"] = i });
        }

        await Eventually.TrueAsync(async () => (await customer.GetAsync($"app/{customer.App}/endpoint/{endpoint}/dead-letter/count"))["count"]!.GetValue<int>() == Messages, "all were given up");
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=dead-letters");
        await Assertions.Expect(page.GetByText($"{Messages} messages were given up here.")).ToBeVisibleAsync();
        await visitor.CheckAsync("dead-letters");

        receiver.Answer = ReceiverServer.Status(200);
        await page.GetByRole(AriaRole.Link, new() { Name = "Deliveries" }).ClickAsync();
        await page.GetByText("Send failed messages again").ClickAsync();
        await page.GetByLabel("Failed in").SelectOptionAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Recover" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recovery finished" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText($"{Messages} of {Messages} messages found")).ToBeVisibleAsync();
        await visitor.CheckAsync("recovery");
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No dead letters" })).ToBeVisibleAsync();
    }
}
