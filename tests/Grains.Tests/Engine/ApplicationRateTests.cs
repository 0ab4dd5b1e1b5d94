using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>The rate of an application, over all its endpoints.</summary>
public sealed class ApplicationRateTests
{
    private const int Endpoints = 4;

    [Fact]
    public async Task All_endpoints_together_keep_to_it_from_the_answer_on_until_it_is_lifted()
    {
        const int Rate = 20;
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await EngineHost.StartAsync(Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName);
        var application = await engine.CreateApplicationAsync();
        for (var i = 0; i < Endpoints; i++)
        {
            await engine.CreateEndpointAsync(application.Id, $"{receiver.Url}{i}");
        }

        await UpdateAsync(engine, application.Id, Rate);
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 30; i++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""");
        }

        await receiver.WaitForAsync(3 * Rate);
        // A tenth of a second's burst and one more are given at the start.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, ((3 * Rate) - 4) / (double)Rate, 20);
        Assert.Equal(Endpoints, receiver.Requests.Select(static r => r.Path).Distinct().Count());

        await UpdateAsync(engine, application.Id, null);
        await receiver.WaitForAsync(30 * Endpoints);
    }

    [Fact]
    public async Task An_endpoint_that_starts_anew_learns_of_it()
    {
        const int Rate = 10;
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests").FullName;
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using var engine = await EngineHost.StartAsync(folder);
        var application = await engine.CreateApplicationAsync();
        await UpdateAsync(engine, application.Id, Rate);
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 2 * Rate; i++)
        {
            await engine.PublishAsync(application.Id, $$"""{"n":{{i}}}""");
        }

        await receiver.WaitForAsync(2 * Rate);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, ((2 * Rate) - 3) / (double)Rate, 20);
    }

    private static async Task UpdateAsync(EngineHost engine, string application, int? rate)
    {
        var answer = await engine.Grains.GetGrain<IApplicationGrain>(application).Update(EngineHost.Address(application), new ApplicationChange { ThrottleRate = Change<int?>.To(rate) });
        Assert.Equal(rate, answer.Value!.ThrottleRate);
    }
}
