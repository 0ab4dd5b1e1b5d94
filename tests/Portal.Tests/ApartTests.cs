using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;

namespace Webhooks.Portal.Tests;

/// <summary>One customer's session sees nothing of another's.</summary>
public sealed class ApartTests(PortalFixture portal)
{
    [Fact]
    public async Task A_portal_link_shows_no_other_application_by_no_address()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        var foreign = await portal.NewCustomerAsync("Somebody else");
        var other = await customer.NewApplicationAsync("Neighbour");
        var secretEndpoint = (await customer.PostAsync($"app/{other}/endpoint", new JsonObject { ["url"] = receiver.Url + "secret" }))["id"]!.GetValue<string>();
        var strange = await foreign.NewEndpointAsync(new Uri(receiver.Url, "secret"));
        var message = await foreign.PublishAsync("a.secret", new JsonObject { ["secret"] = true });
        await using var visitor = await portal.VisitAsync(customer);
        foreach (var path in (string[])
        [
            $"/apps/{other}/endpoints", $"/apps/{other}/endpoints/new", $"/apps/{other}/endpoints/{secretEndpoint}?tab=deliveries", $"/apps/{customer.App}/endpoints/{secretEndpoint}",
            $"/apps/{foreign.App}/endpoints", $"/apps/{foreign.App}/endpoints/{strange}?tab=secret", $"/apps/{foreign.App}/messages/{message}", $"/apps/{customer.App}/messages/{message}?endpoint={strange}",
        ])
        {
            await visitor.OpenAsync(path);
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("this sign-in may not see it");
            Assert.DoesNotContain("secret", (await visitor.Page.Locator("main").InnerTextAsync()).ToLowerInvariant());
        }

        await visitor.OpenAsync("/apps");
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Uri(portal.Address, $"/apps/{customer.App}/endpoints").AbsoluteUri);
    }

    [Fact]
    public async Task What_happens_at_another_application_reaches_no_page()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await portal.NewCustomerAsync();
        var own = await customer.NewEndpointAsync(receiver.Url);
        var foreign = await portal.NewCustomerAsync("Somebody else");
        var strange = await foreign.NewEndpointAsync(receiver.Url);
        await using var visitor = await portal.NewVisitorAsync();
        var frames = new System.Collections.Concurrent.ConcurrentQueue<string>();
        visitor.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => frames.Enqueue(frame.Text ?? System.Text.Encoding.UTF8.GetString(frame.Binary!));
        await visitor.FollowAsync(customer.Link);
        await visitor.OpenAsync($"/apps/{foreign.App}/endpoints/{strange}?tab=deliveries");
        await foreign.PublishAsync("a.secret", new JsonObject());
        await receiver.WaitForAsync(1);

        // Then something of its own, which does arrive: what came before it would have come too.
        await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{own}?tab=deliveries");
        await visitor.LiveAsync();
        await customer.PublishAsync("of.mine", new JsonObject());
        await Assertions.Expect(visitor.Page.GetByText("of.mine")).ToBeVisibleAsync();
        Assert.Contains(frames, static frame => frame.Contains("of.mine", StringComparison.Ordinal));
        Assert.DoesNotContain(frames, static frame => frame.Contains("a.secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_site_can_open_no_circuit()
    {
        using var http = new HttpClient { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
