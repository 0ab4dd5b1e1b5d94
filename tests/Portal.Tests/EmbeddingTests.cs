using System.Net;
using Microsoft.Playwright;
using Webhooks.Gateway.Api.Portal.Look;
using Webhooks.Portal.Tests.Harness;

namespace Webhooks.Portal.Tests;

/// <summary>The portal inside of other sites, in their colours.</summary>
public sealed class EmbeddingTests(PortalFixture portal)
{
    [Fact]
    public async Task A_link_sets_colours_and_leaves_out_what_a_frame_has_no_use_for()
    {
        var customer = await portal.NewCustomerAsync();
        await using var visitor = await portal.NewVisitorAsync();
        // Too light to be read on white: made darker.
        await visitor.FollowAsync(new Uri($"{portal.Address}?primaryColorLight=ffd400&embed=true{customer.Link.Fragment}"));
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints");
        var color = await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-primary').trim()");
        Assert.Equal(ReadableColor.On("#ffd400", PortalTheme.LightGround), color);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToHaveCountAsync(0);
        await visitor.CheckAsync("embedded", picture: false);
    }

    [Fact]
    public async Task Pages_say_who_may_frame_them_and_run_no_scripts_of_others()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(portal.Address, "/sign-in"), TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'self'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("#ffd400")]
    [InlineData("#ffffff")]
    [InlineData("#0f766e")]
    [InlineData("#000000")]
    public void Every_colour_becomes_one_that_can_be_read(string color)
    {
        foreach (var ground in (string[])[PortalTheme.LightGround, PortalTheme.DarkGround])
        {
            var readable = ReadableColor.On(color, ground);
            Assert.True(ReadableColor.Contrast(readable, ground) >= ReadableColor.Enough, $"{readable} on {ground}");
            Assert.True(ReadableColor.Contrast(ReadableColor.TextOn(readable), readable) >= ReadableColor.Enough);
        }
    }

    [Theory]
    [InlineData("2f54eb", "#2f54eb")]
    [InlineData("#ABC", "#aabbcc")]
    [InlineData("red", null)]
    [InlineData("#12345", null)]
    [InlineData("#000000;}body{display:none", null)]
    public void Colours_of_links_are_six_digits_or_nothing(string text, string? color) => Assert.Equal(color, ReadableColor.TryParse(text));
}
