using System.Text.Json;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Operations;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>What operators are told, by webhooks of the management organization.</summary>
public sealed class OperationalWebhookTests
{
    [Fact]
    public async Task Operators_hear_of_endpoints_and_of_messages_that_fail()
    {
        await using var customer = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var operators = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await StartAsync();
        await SubscribeAsync(engine, operators);

        var application = await engine.CreateApplicationAsync();
        var grain = engine.Grains.GetGrain<IApplicationGrain>(application.Id);
        var address = EngineHost.Address(application.Id);
        var endpoint = await engine.CreateEndpointAsync(application.Id, customer.Url.ToString());
        await WaitAsync(operators, 1);
        await grain.UpdateEndpoint(address, endpoint.Id, new EndpointChange { Description = Change<string>.To("new") });
        await WaitAsync(operators, 2);
        await grain.UpdateEndpoint(address, endpoint.Id, new EndpointChange { Headers = Change<IReadOnlyDictionary<string, string>?>.To(new Dictionary<string, string> { ["X-A"] = "1" }) });
        await grain.RotateSecret(address, endpoint.Id, null, 0, Guid.NewGuid());
        await WaitAsync(operators, 3);

        customer.Answer = ReceiverServer.Status(500);
        var message = await engine.PublishAsync(application.Id, "{}");
        await WaitAsync(operators, 5);
        customer.Answer = ReceiverServer.Status(410);
        await engine.PublishAsync(application.Id, "{}");
        await WaitAsync(operators, 6);
        await grain.DeleteEndpoint(address, endpoint.Id);
        await WaitAsync(operators, 7);

        var told = operators.Requests.Select(static r => JsonDocument.Parse(r.Body).RootElement).ToArray();
        Assert.Equal(
            ["endpoint.created", "endpoint.updated", "endpoint.updated", "message.attempt.failing", "message.attempt.exhausted", "endpoint.disabled", "endpoint.deleted"],
            told.Select(static t => t.GetProperty("type").GetString()));
        Assert.All(told, t =>
        {
            Assert.Equal(application.Id, t.GetProperty("data").GetProperty("appId").GetString());
            Assert.Equal(JsonValueKind.Null, t.GetProperty("data").GetProperty("appUid").ValueKind);
            Assert.Equal(endpoint.Id, t.GetProperty("data").GetProperty("endpointId").GetString());
        });
        var exhausted = told[4].GetProperty("data");
        Assert.Equal(message, exhausted.GetProperty("msgId").GetString());
        Assert.Equal(500, exhausted.GetProperty("lastAttempt").GetProperty("responseStatusCode").GetInt32());
        Assert.True(told[5].GetProperty("data").TryGetProperty("failSince", out _));
    }

    [Fact]
    public async Task Operators_hear_when_a_message_that_failed_for_long_is_delivered()
    {
        await using var customer = await ReceiverServer.StartAsync((request, context) =>
        {
            context.Response.StatusCode = request.Order <= 4 ? 500 : 204;
            return Task.CompletedTask;
        });
        await using var operators = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await StartAsync();
        await SubscribeAsync(engine, operators);
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, customer.Url.ToString());
        await engine.PublishAsync(application.Id, "{}");

        await WaitAsync(operators, 3);
        Assert.Equal(
            ["endpoint.created", "message.attempt.failing", "message.attempt.recovered"],
            operators.Requests.Select(static r => JsonDocument.Parse(r.Body).RootElement.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task The_event_types_are_known_to_the_management_organization()
    {
        await using var engine = await StartAsync();
        var types = await engine.Grains.GetGrain<IEventTypeCatalog>(0).List(OperationalWebhooks.Management, new PageRequest(50), false);
        Assert.Equal(7, types.Items.Count);
        Assert.Contains(types.Items, static t => t.Name == "message.attempt.exhausted");
    }

    private static Task<EngineHost> StartAsync() => EngineHost.StartAsync(
        Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName,
        null,
        [.. Enumerable.Range(0, 5).Select(static step => ("Webhooks:Delivery:RetrySchedule:" + step, "0")), ("Webhooks:Delivery:CircuitFailures", "1000")]);

    private static async Task SubscribeAsync(EngineHost engine, ReceiverServer operators)
    {
        var id = EntityId.Format(EntityId.Application, TimeOrderedId.Create(TimeProvider.System.GetUtcNow()));
        var grain = engine.Grains.GetGrain<IApplicationGrain>(id);
        Assert.NotNull((await grain.Create(OperationalWebhooks.Management, new ApplicationChange { Name = Change<string>.To("operators"), Uid = Change<string?>.To(EngineHost.Organization) })).Value);
        var endpoint = new EndpointChange { Url = Change<string>.To(operators.Url.ToString()), Version = Change<int>.To(1) };
        Assert.NotNull((await grain.CreateEndpoint(new ApplicationAddress(OperationalWebhooks.Management, id), endpoint, null)).Value);
    }

    private static Task WaitAsync(ReceiverServer operators, int count) =>
        Eventually.TrueAsync(() => operators.Requests.Count >= count, $"operators have heard {count} times");
}
