using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;

namespace Webhooks.Portal.Tests.Operator;

/// <summary>The catalogue of event types: made, checked, imported.</summary>
public sealed class EventTypeTests(PortalFixture portal)
{
    private const string Schema = """{"type":"object","required":["total"],"properties":{"total":{"type":"number"}}}""";

    [Fact]
    public async Task A_bad_example_is_refused_in_words_and_a_good_one_is_kept_with_its_schema()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync("/event-types");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No event types yet" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New event type" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync("invoice.paid");
        await page.GetByLabel("Description").FillAsync("An invoice was paid in full.");
        await page.GetByLabel("JSON Schema").FillAsync(Schema);
        await page.GetByLabel("Example").FillAsync("""{"total":"12.50"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create event type" }).ClickAsync();
        await Assertions.Expect(page.Locator(".faults li")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^total: .*string.*number"));
        await visitor.CheckAsync("catalogue-new");

        await page.GetByLabel("Example").FillAsync("""{"total":12.50""");
        await page.GetByLabel("Description").FocusAsync();
        await Assertions.Expect(page.Locator(".faults li")).ToHaveTextAsync("The example is not JSON: line 1, character 15.");
        await page.GetByLabel("Example").FillAsync("""{"total":12.50}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create event type" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "invoice.paid" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Example")).ToHaveValueAsync("{\n  \"total\": 12.50\n}");
        var kept = await customer.GetAsync("event-type/invoice.paid");
        Assert.Equal(12.5, kept["schemas"]!["1"]!["examples"]![0]!["total"]!.GetValue<double>());

        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No event types yet" })).ToBeVisibleAsync();
        await page.GetByLabel("Show archived ones too").CheckAsync();
        await Assertions.Expect(page.GetByText("Archived", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.CheckAsync("catalogue");
    }

    [Fact]
    public async Task An_import_shows_what_would_change_and_does_that()
    {
        var customer = await portal.NewCustomerAsync();
        await customer.NewEventTypeAsync("old.one", "Goes away", null);
        await customer.NewEventTypeAsync("kept.one", "Before", null);
        await using var visitor = await portal.OperateAsync(customer);
        var page = visitor.Page;
        await visitor.OpenAsync("/event-types/import");
        await page.GetByLabel("The document", new() { Exact = true }).FillAsync("nothing: [");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Assertions.Expect(page.Locator(".fault")).ToBeVisibleAsync();
        await page.GetByLabel("The document", new() { Exact = true }).FillAsync("""
            openapi: 3.1.0
            webhooks:
              new.one: {post: {description: Comes, requestBody: {content: {application/json: {schema: {type: object}}}}}}
              kept.one: {post: {description: After, requestBody: {content: {application/json: {schema: {type: object}}}}}}
            """);
        await page.GetByLabel("Archive event types that the document does not have").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What would change: 1 new, 1 changed, 1 archived, 0 as they are" })).ToBeVisibleAsync();
        Assert.Equal("Before", (await customer.GetAsync("event-type/kept.one"))["description"]!.GetValue<string>());
        await visitor.CheckAsync("catalogue-import");

        await page.GetByRole(AriaRole.Button, new() { Name = "Import now" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "new.one" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "old.one" })).ToHaveCountAsync(0);
        Assert.Equal("After", (await customer.GetAsync("event-type/kept.one"))["description"]!.GetValue<string>());
    }
}
