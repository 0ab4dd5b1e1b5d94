using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests.Operator;

/// <summary>Recoveries as they get on.</summary>
public sealed class RecoveryTests(PortalFixture portal)
{
    [Fact]
    public async Task A_recoverys_progress_is_told_to_an_open_page_and_it_is_cancelled_there()
    {
        const int Messages = 4;
        var customer = await portal.NewCustomerAsync();
        using var passes = new SemaphoreSlim(0);
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) =>
        {
            await passes.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        for (var i = 0; i < Messages; i++)
        {
            await customer.PublishAsync("invoice.paid", []);
        }

        var endpoint = await customer.NewEndpointAsync(receiver.Url);
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync("/tasks");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing was ever sent again" })).ToBeVisibleAsync();
        await visitor.CheckAsync("recoveries-empty");

        var since = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O", CultureInfo.InvariantCulture);
        await customer.PostAsync($"app/{customer.App}/endpoint/{endpoint}/replay-missing", new JsonObject { ["since"] = since });
        await Assertions.Expect(page.GetByText("Running", new() { Exact = true }).Last).ToBeVisibleAsync();
        passes.Release(2);
        await Assertions.Expect(page.GetByText($"2 of {Messages} looked at")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "50");
        await visitor.CheckAsync("recoveries");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel qtask_" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel the recovery" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Cancelled", new() { Exact = true })).ToBeVisibleAsync();
        passes.Release(Messages);
        await page.GetByRole(AriaRole.Link, new() { Name = "Finished" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "None of these" })).ToBeVisibleAsync();
    }
}
