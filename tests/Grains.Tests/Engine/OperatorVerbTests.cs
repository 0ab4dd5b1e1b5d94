using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>An operator's act is one act, however often its call is repeated, and a restart keeps what it set.</summary>
public sealed class OperatorVerbTests
{
    private static readonly PageRequest Newest = new(50, Descending: true);

    [Fact]
    public async Task A_repeat_that_arrives_after_somebody_elses_act_undoes_nothing()
    {
        await using var engine = await EngineHost.StartAsync(Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName);
        var (grain, address, endpoint) = await EndpointAsync(engine, "http://127.0.0.1:9/");
        var (pause, resume) = (Act(), Act());
        Assert.True((await grain.PauseEndpoint(address, endpoint.Id, pause)).Value!.Paused);
        Assert.False((await grain.ResumeEndpoint(address, endpoint.Id, fromNow: false, resume)).Value!.Paused);

        Assert.False((await grain.PauseEndpoint(address, endpoint.Id, pause)).Value!.Paused);

        var log = await engine.Grains.GetGrain<IAuditTrail>(0).List(endpoint.ApplicationId, endpoint.Id, Newest);
        Assert.Equal([AuditActions.Resumed, AuditActions.Paused], log.Items.Select(static e => e.Action));
        Assert.Equal(EntityId.Format(EntityId.AuditEntry, pause.Id), log.Items[1].Id);
    }

    [Fact]
    public async Task A_paused_endpoint_is_still_paused_after_a_restart_and_its_queue_flows_when_it_is_resumed()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName;
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        EndpointDetails endpoint;
        string message;
        await using (var first = await EngineHost.StartAsync(folder))
        {
            (var grain, var address, endpoint) = await EndpointAsync(first, receiver.Url.ToString());
            await grain.PauseEndpoint(address, endpoint.Id, Act());
            message = await first.PublishAsync(endpoint.ApplicationId, "{}");
        }

        await using var second = await EngineHost.StartAsync(folder);
        var again = second.Grains.GetGrain<IApplicationGrain>(endpoint.ApplicationId);
        var there = EngineHost.Address(endpoint.ApplicationId);
        Assert.False((await again.WouldDeliver(there, "test.event", null)).Value!.Active);
        Assert.Empty(receiver.Requests);

        await again.ResumeEndpoint(there, endpoint.Id, fromNow: false, Act());

        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "what waited is delivered");
        Assert.Equal(message, receiver.Requests[0].Header("webhook-id"));
    }

    [Fact]
    public async Task Who_rotates_or_disables_is_written_down_only_when_the_call_says_who()
    {
        await using var engine = await EngineHost.StartAsync(Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName);
        var (grain, address, endpoint) = await EndpointAsync(engine, "http://127.0.0.1:9/");
        var disable = new EndpointChange { Disabled = Change<bool>.To(true) };
        await grain.UpdateEndpoint(address, endpoint.Id, new EndpointChange { Description = Change<string>.To("new") }, Act());
        await grain.UpdateEndpoint(address, endpoint.Id, disable, Act() with { ActorName = "Ada" });
        await grain.UpdateEndpoint(address, endpoint.Id, disable, Act());
        await grain.UpdateEndpoint(address, endpoint.Id, new EndpointChange { Disabled = Change<bool>.To(false) });
        var rotation = Act();
        await grain.RotateSecret(address, endpoint.Id, null, 60, rotation);
        await grain.RotateSecret(address, endpoint.Id, null, 60, rotation);
        await grain.RotateSecret(address, endpoint.Id, null, 60, Guid.NewGuid());

        var log = await engine.Grains.GetGrain<IAuditTrail>(0).List(endpoint.ApplicationId, null, Newest);
        Assert.Equal([AuditActions.SecretRotated, AuditActions.Disabled], log.Items.Select(static e => e.Action));
        Assert.Equal([null, "Ada"], log.Items.Select(static e => e.ActorName));
    }

    [Fact]
    public async Task Acts_on_what_is_not_there_are_refused()
    {
        await using var engine = await EngineHost.StartAsync(Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName);
        var (grain, address, endpoint) = await EndpointAsync(engine, "http://127.0.0.1:9/");
        var stranger = address with { Organization = "org_other" };

        Assert.Equal(RefusalKind.NotFound, (await grain.PauseEndpoint(address, "nobody", Act())).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await grain.ResumeEndpoint(address, "nobody", fromNow: true, Act())).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await grain.SkipHead(address, "nobody", null, Act())).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await grain.Purge(address, "nobody", Act())).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await grain.PauseEndpoint(stranger, endpoint.Id, Act())).Refusal?.Kind);
        Assert.Empty((await engine.Grains.GetGrain<IAuditTrail>(0).List(endpoint.ApplicationId, null, Newest)).Items);
    }

    private static OperatorAct Act() => new(TimeOrderedId.Create(TimeProvider.System.GetUtcNow()), "organization " + EngineHost.Organization);

    private static async Task<(IApplicationGrain Grain, ApplicationAddress Address, EndpointDetails Endpoint)> EndpointAsync(EngineHost engine, string url)
    {
        var application = await engine.CreateApplicationAsync();
        return (engine.Grains.GetGrain<IApplicationGrain>(application.Id), EngineHost.Address(application.Id), await engine.CreateEndpointAsync(application.Id, url));
    }
}
