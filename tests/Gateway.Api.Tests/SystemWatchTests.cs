using Microsoft.Extensions.DependencyInjection;
using Webhooks.Gateway.Api.Portal.Overview;
using Webhooks.Gateway.Api.Portal.Tasks;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What the operator's pages are pushed: the system, and tasks in the background.</summary>
public sealed class SystemWatchTests(ApiFixture fixture)
{
    [Fact]
    public async Task Who_looks_sees_the_silo_the_store_what_waits_and_how_much_is_done()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) => await Task.Delay(Timeout.Infinite, context.RequestAborted));
        var (app, endpoint) = await OperatorTests.EndpointAsync(api, receiver.Url.ToString());
        await OperatorTests.PublishAsync(api, app);
        var system = fixture.Services.GetRequiredService<SystemWatch>();
        using var watch = system.TryEnter()!;

        var snapshot = await SeeAsync(system, watch, s => s.Oldest.Any(o => o.ApplicationId == app) && s.History.Count > 1);

        var silo = Assert.Single(snapshot.Silos);
        Assert.Equal(("Active", true, true, "SQLite"), (silo.Member.Status, silo.Member.Lives, silo.Report!.StoreAnswers, silo.Report.Store));
        Assert.True(silo.Report is { Activations: > 0, MemoryBytes: > 0, Endpoints: > 0, Accepted: > 0 }, silo.Report.ToString());
        Assert.True(silo.Report.StartedAt <= silo.Report.At);
        var waiting = snapshot.Oldest.Single(o => o.ApplicationId == app);
        Assert.Equal((endpoint.Split('/')[^1], 1), (waiting.EndpointId, waiting.Messages));
        Assert.True(snapshot.WaitingMessages >= 1 && snapshot.WaitingEndpoints >= 1);
    }

    [Fact]
    public async Task Nobody_is_asked_while_nobody_looks()
    {
        var system = new SystemWatch(
            fixture.Services.GetRequiredService<IGrainFactory>(),
            fixture.Services.GetRequiredService<Cluster.ClusterState>(),
            Microsoft.Extensions.Options.Options.Create(new Portal.PortalOptions()),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SystemWatch>.Instance);
        Assert.Null(system.Last);
        SystemSnapshot first;
        using (var watch = system.TryEnter()!)
        {
            first = await SeeAsync(system, watch, static _ => true);
        }

        // It looks once more at most; whoever comes later starts it again.
        await Eventually.TrueAsync(() => system.Last is null, "the last look is long ago", TimeSpan.FromSeconds(20));
        using var again = system.TryEnter()!;
        Assert.True((await SeeAsync(system, again, s => s.At > first.At)).History.Count >= 1);
    }

    [Fact]
    public async Task The_progress_of_a_task_is_told_to_its_organization_until_it_has_ended()
    {
        using var api = fixture.NewOrganization(out var organization);
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) => await Task.Delay(Timeout.Infinite, context.RequestAborted));
        var app = await api.NewApplication();
        for (var i = 0; i < 3; i++)
        {
            await OperatorTests.PublishAsync(api, app);
        }

        var id = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}"}""")).Expect(201)["id"];
        var (feed, watch) = fixture.Services.GetRequiredService<TaskWatch>().TryEnter(organization)!.Value;
        using var place = watch;
        await using var changes = watch.ChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await SeeAsync(() => feed.Gaps == 1);

        var since = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var body = "{\"since\":\"" + since + "\"}";
        var first = (await api.Post($"/app/{app}/endpoint/{id}/replay-missing", body)).Expect(202)["id"];
        var second = (await api.Post($"/app/{app}/endpoint/{id}/replay-missing", body)).Expect(202)["id"];
        await SeeAsync(() => feed.Look().Count == 2);
        Assert.All(feed.Look(), static t => Assert.Equal((RecoverStatus.Running, 3), (t.Status, t.Total)));

        (await api.Post($"/background-task/{second}/cancel", "")).Expect(200);
        await SeeAsync(() => feed.Look().Any(t => t.Id == second && t.Status == RecoverStatus.Cancelled));
        receiver.Answer = ReceiverServer.Status(204);
        (await api.Post($"/background-task/{first}/cancel", "")).Expect(200);
        await SeeAsync(() => feed.Look().Any(t => t.Id == first && t.Status == RecoverStatus.Cancelled));
        Assert.Equal(1, feed.Gaps);

        async Task SeeAsync(Func<bool> seen)
        {
            while (!seen())
            {
                Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            }
        }
    }

    private static async Task<SystemSnapshot> SeeAsync(SystemWatch system, Cluster.Watch watch, Func<SystemSnapshot, bool> seen)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            await foreach (var _ in watch.ChangesAsync(deadline.Token))
            {
                if (system.Last is { } last && seen(last))
                {
                    return last;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"Not seen. The last look: {system.Last}, {string.Join(' ', system.Last?.Silos.Select(static silo => silo.ToString()) ?? [])}");
        }

        throw new InvalidOperationException("The watch has ended.");
    }
}
