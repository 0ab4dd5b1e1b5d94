using Webhooks.Grains.Interfaces.Cluster;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>What silos report of themselves, whichever of them is asked.</summary>
public sealed class SiloReportsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Each_silo_of_a_cluster_reports_itself_and_one_that_has_left_reports_nothing()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var one = await StartAsync(database);
        var two = await StartAsync(database);
        IReadOnlyList<SiloMember> members = [];
        await Eventually.TrueAsync(async () => (members = await one.Grains.GetGrain<ISiloList>(0).List()).Count(static m => m.Lives) == 2, "both know each other");

        foreach (var member in members)
        {
            var report = await one.Grains.GetGrain<ISiloReports>(member.Address).Look();
            Assert.Equal((member.Address, "PostgreSQL", true), (report.Silo, report.Store, report.StoreAnswers));
            Assert.Equal(report.StartedAt, (await two.Grains.GetGrain<ISiloReports>(member.Address).Look()).StartedAt);
        }

        await two.DisposeAsync();
        await Eventually.TrueAsync(async () => (members = await one.Grains.GetGrain<ISiloList>(0).List()).Count(static m => m.Lives) == 1, "one has left");
        Assert.True(members[0].Lives);
        await Assert.ThrowsAnyAsync<Exception>(() => one.Grains.GetGrain<ISiloReports>(members[^1].Address).Look());
    }

    [Fact]
    public async Task A_report_counts_what_waits_and_what_was_done()
    {
        var folder = Directory.CreateTempSubdirectory("engine-tests");
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        await using (var engine = await EngineHost.StartAsync(folder.FullName))
        {
            var application = await engine.CreateApplicationAsync();
            await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());
            var dead = await engine.CreateEndpointAsync(application.Id, "http://127.0.0.1:9/");
            for (var i = 0; i < 5; i++)
            {
                await engine.PublishAsync(application.Id, "{}");
            }

            var self = (await engine.Grains.GetGrain<ISiloList>(0).List()).Single().Address;
            SiloReport report = null!;
            await Eventually.TrueAsync(
                async () => (report = await engine.Grains.GetGrain<ISiloReports>(self).Look()).Attempts.GetValueOrDefault("success") == 5 && report.WaitingMessages == 5,
                "all was delivered here and waits there");
            Assert.Equal((5, 2, 1), (report.Accepted, report.Endpoints, report.WaitingEndpoints));
            Assert.Equal((dead.Id, 5), (report.Oldest.Single().EndpointId, report.Oldest.Single().Messages));
            Assert.Equal(["connect_failed", "success"], report.Attempts.Keys.Order());
        }

        folder.Delete(recursive: true);
    }

    private static Task<EngineHost> StartAsync(string database) => EngineHost.StartAsync(null, null, ("ConnectionStrings:Webhooks", database));
}
