using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests.Operator;

/// <summary>The operator's pages: applications, messages, the audit log, access, the system, the dashboard.</summary>
public sealed class OperatorTests(PortalFixture portal)
{
    [Fact]
    public async Task A_customers_session_gets_none_of_the_operators_pages()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.VisitAsync(customer);
        var own = new Uri(portal.Address, $"/apps/{customer.App}/endpoints").AbsoluteUri;
        string[] pages =
        [
            "/apps", "/apps/new", $"/apps/{customer.App}/find", $"/apps/{customer.App}/audit", $"/apps/{customer.App}/access",
            "/event-types", "/event-types/new", "/event-types/import", "/event-types/edit/a", "/tasks", "/system",
        ];
        foreach (var page in pages)
        {
            await visitor.Page.GotoAsync(page);
            await Assertions.Expect(visitor.Page).ToHaveURLAsync(own);
        }

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "System" })).ToHaveCountAsync(0);
        var dashboard = await visitor.Page.APIRequest.GetAsync(new Uri(portal.Address, "/orleans/DashboardCounters").AbsoluteUri);
        Assert.Equal(401, dashboard.Status);
    }

    [Fact]
    public async Task The_operators_sign_in_opens_the_dashboard()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.OperateAsync(customer);
        var counters = await visitor.Page.APIRequest.GetAsync(new Uri(portal.Address, "/orleans/DashboardCounters").AbsoluteUri);
        Assert.Equal(200, counters.Status);

        await using var stranger = await portal.NewVisitorAsync();
        await stranger.Page.GotoAsync("/orleans/");
        await stranger.Page.GetByLabel("Token").FillAsync(customer.Token);
        await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(stranger.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("Orleans"));
    }

    [Fact]
    public async Task An_application_is_created_and_found_by_uid_and_id_and_a_wrong_uid_is_refused_in_words()
    {
        var customer = await portal.NewCustomerAsync("Initech");
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync("/apps/new");
        await page.GetByLabel("Name").FillAsync("Umbrella");
        await page.GetByLabel("Uid (optional)").FillAsync("no blanks please");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create application" }).ClickAsync();
        await Assertions.Expect(page.Locator(".fault")).ToBeVisibleAsync();
        await visitor.CheckAsync("app-new");
        await page.GetByLabel("Uid (optional)").FillAsync("umbrella");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create application" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No endpoints yet" })).ToBeVisibleAsync();

        await visitor.OpenAsync("/apps");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Initech" })).ToBeVisibleAsync();
        await visitor.CheckAsync("apps");
        await page.GetByLabel("Find an application").FillAsync("umbrella");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Initech" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Umbrella" })).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(portal.Address, "/apps?q=umbrella").AbsoluteUri);
        await visitor.OpenAsync("/apps?q=" + customer.App);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Initech" })).ToBeVisibleAsync();
        await visitor.OpenAsync("/apps?q=nobody");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No application is called nobody" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_message_is_found_by_its_event_id_and_what_was_done_by_hand_stands_in_the_audit_log()
    {
        var customer = await portal.NewCustomerAsync();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var endpoint = await customer.NewEndpointAsync(receiver.Url);
        var published = await customer.PostAsync($"app/{customer.App}/msg", new JsonObject { ["eventType"] = "invoice.paid", ["eventId"] = "invoice-17", ["payload"] = new JsonObject { ["total"] = 12.5 } });
        var message = published["id"]!.GetValue<string>();
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "it is delivered");
        await customer.PostAsync($"app/{customer.App}/endpoint/{endpoint}/pause", new JsonObject { ["note"] = "maintenance of theirs" });
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;

        await visitor.OpenAsync($"/apps/{customer.App}/find");
        await page.GetByLabel("Find a message").FillAsync("invoice-17");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "invoice.paid" })).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(portal.Address, $"/apps/{customer.App}/messages/{message}").AbsoluteUri);
        await visitor.OpenAsync($"/apps/{customer.App}/find?q=invoice-18");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing has the id invoice-18" })).ToBeVisibleAsync();
        await visitor.CheckAsync("find-message");

        await visitor.OpenAsync($"/apps/{customer.App}/audit");
        await Assertions.Expect(page.GetByText("Paused the endpoint")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("maintenance of theirs")).ToBeVisibleAsync();
        await visitor.CheckAsync("audit-log");
    }

    [Fact]
    public async Task A_link_for_the_customer_is_shown_once_and_opens_that_application_alone()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.OperateAsync(customer);
        await visitor.OpenAsync($"/apps/{customer.App}/access");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Make a link and a token" }).ClickAsync();
        var link = await visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Portal link" }).InnerTextAsync();
        await visitor.CheckAsync("access");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Done, hide them" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Make a link and a token" })).ToBeVisibleAsync();
        Assert.DoesNotContain(link.Trim(), await visitor.Page.ContentAsync());

        await using var guest = await portal.NewVisitorAsync();
        await guest.FollowAsync(new Uri(link.Trim()));
        await Assertions.Expect(guest.Page).ToHaveURLAsync(new Uri(portal.Address, $"/apps/{customer.App}/endpoints").AbsoluteUri);
    }

    [Fact]
    public async Task The_system_page_is_told_of_silos_rates_and_what_waits_and_names_nothing_of_other_organizations()
    {
        var customer = await portal.NewCustomerAsync("Hooli");
        var stranger = await portal.NewCustomerAsync("Stranger");
        var dead = await customer.NewEndpointAsync(new Uri("http://127.0.0.1:9/"));
        await stranger.NewEndpointAsync(new Uri("http://127.0.0.1:9/"));
        await stranger.PublishAsync("a", []);
        await using var visitor = await portal.OperateAsync(customer);
        await visitor.OpenAsync("/system");
        var page = visitor.Page;
        await Assertions.Expect(page.GetByText("Active", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("SQLite answers")).ToBeVisibleAsync();
        await customer.PublishAsync("invoice.paid", []);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = dead })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Hooli" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("of another organization").First).ToBeVisibleAsync();
        Assert.DoesNotContain("Stranger", await page.ContentAsync());
        await visitor.CheckAsync("system");
    }
}
