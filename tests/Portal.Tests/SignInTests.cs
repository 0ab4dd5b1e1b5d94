using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;

namespace Webhooks.Portal.Tests;

/// <summary>Sessions: how they begin, what they may see, how they end.</summary>
public sealed class SignInTests(PortalFixture portal)
{
    [Fact]
    public async Task A_portal_link_leads_to_the_endpoints_of_its_application_and_leaves_no_token_in_the_address()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.NewVisitorAsync();
        await visitor.FollowAsync(customer.Link);
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Uri(portal.Address, $"/apps/{customer.App}/endpoints").AbsoluteUri);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "No endpoints yet" })).ToBeVisibleAsync();
        var cookie = (await visitor.Page.Context.CookiesAsync()).Single(static c => c.Name == "webhooks-session");
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain(customer.PortalToken, cookie.Value);
        await visitor.CheckAsync("endpoints-empty", picture: false);
    }

    [Fact]
    public async Task A_token_is_pasted_and_a_wrong_one_is_refused_in_words()
    {
        var customer = await portal.NewCustomerAsync("Globex");
        await using var visitor = await portal.NewVisitorAsync();
        await visitor.Page.GotoAsync("/apps");
        await visitor.Page.GetByLabel("Token").FillAsync("no token");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "not valid" })).ToBeVisibleAsync();
        await visitor.CheckAsync("sign-in");
        await visitor.Page.GetByLabel("Token").FillAsync(customer.Token);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.ReadyAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Globex" })).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/apps");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_theme_is_the_systems_until_somebody_switches_and_is_right_in_the_first_paint_afterwards()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.VisitAsync(customer);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await visitor.Page.RouteAsync("**/*.js", static route => route.AbortAsync());
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(15, 20, 31)", await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        visitor.Forgive("net::ERR_FAILED");
    }

    [Fact]
    public async Task Unknown_addresses_are_a_page_for_browsers_and_json_for_programs()
    {
        using var http = new HttpClient { BaseAddress = portal.Address };
        async Task<(HttpStatusCode, string?)> Get(string path, string accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), await Get("/no/such/page", "text/html"));
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), await Get("/no/such/page", "application/json"));
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), await Get("/api/v1/no/such/route", "text/html"));
        await using var visitor = await portal.NewVisitorAsync();
        await visitor.Page.GotoAsync("/no/such/page");
        await visitor.CheckAsync("not-found", picture: false);
    }
}
