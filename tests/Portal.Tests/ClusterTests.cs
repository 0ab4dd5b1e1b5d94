using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Webhooks.Portal.Tests.Harness;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Portal.Tests;

/// <summary>A gateway that has no silo in it: what happens at silos appears on its pages all the same.</summary>
public sealed class ClusterTests(PortalFixture portal)
{
    private const int Endpoints = 4;

    [Fact]
    public async Task Attempts_at_any_silo_appear_on_pages_of_a_gateway_beside_them_also_after_a_silo_has_left()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var postgres = await PostgresServer.StartAsync();
        var settings = Settings.Common.With(Settings.Postgres(postgres));
        await using var first = await SiloProcess.StartAsync(settings, cancellation);
        await using var second = await SiloProcess.StartAsync(settings, cancellation);
        await using var gateway = await GatewayProcess.StartAsync(settings.With("Webhooks__Cluster__Mode", "Client"), cancellation);
        await using var receiver = await ReceiverServer.StartAsync();
        var customer = await Customer.CreateAsync(gateway.Address, "Acme");
        var endpoints = new List<string>();
        for (var i = 0; i < Endpoints; i++)
        {
            endpoints.Add(await customer.NewEndpointAsync(new Uri(receiver.Url, "e" + i)));
        }

        await using var visitor = await portal.NewVisitorAsync(at: gateway.Address);
        await visitor.FollowAsync(customer.Link);
        foreach (var endpoint in endpoints)
        {
            await visitor.OpenAsync($"/apps/{customer.App}/endpoints/{endpoint}?tab=deliveries");
            await visitor.LiveAsync();
            await customer.PublishAsync("for." + endpoint, new JsonObject());
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "for." + endpoint })).ToBeVisibleAsync();
        }

        // The last endpoint's page stays open: whichever silo it was at, one that is left goes on telling.
        await first.TerminateAsync(TimeSpan.FromSeconds(30), cancellation);
        await customer.PublishAsync("after.it.left", new JsonObject());
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "after.it.left" })).ToBeVisibleAsync(new() { Timeout = 25_000 });
    }
}
