using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Configuration is the source of truth: a change and what follows from it for the log are one step.</summary>
public abstract class ConfigurationCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_starts_with_an_empty_log()
    {
        var application = await Given.ApplicationAsync(Store);
        var head = await Store.Log.ReadHeadAsync(application, Cancel);
        Assert.Equal((0L, 1L, false, null), (head!.Tail, head.RoutingVersion, head.Deleted, head.Owner));
    }

    [Fact]
    public async Task A_uid_is_unique_within_its_organization_and_free_after_deletion()
    {
        var organization = "org_" + Guid.NewGuid().ToString("N");
        var first = Given.ApplicationRow("customer-1", organization);
        Assert.Equal(WriteVerdict.Written, await Store.Configuration.CreateApplicationAsync(first, Cancel));
        Assert.Equal(WriteVerdict.Taken, await Store.Configuration.CreateApplicationAsync(Given.ApplicationRow("customer-1", organization), Cancel));
        Assert.Equal(WriteVerdict.Written, await Store.Configuration.CreateApplicationAsync(Given.ApplicationRow("customer-1", organization + "x"), Cancel));
        Assert.Equal(WriteVerdict.Written, await Store.Configuration.CreateApplicationAsync(Given.ApplicationRow("CUSTOMER-1", organization), Cancel));

        await Store.Configuration.DeleteApplicationAsync(first.Id, Given.Now, Cancel);
        Assert.Null(await Store.Configuration.FindApplicationAsync(organization, "customer-1", Cancel));
        Assert.Equal(WriteVerdict.Written, await Store.Configuration.CreateApplicationAsync(Given.ApplicationRow("customer-1", organization), Cancel));
    }

    [Fact]
    public async Task An_application_is_found_by_id_and_uid_in_its_organization_alone()
    {
        var organization = "org_" + Guid.NewGuid().ToString("N");
        var row = Given.ApplicationRow("Käufer.1", organization);
        await Store.Configuration.CreateApplicationAsync(row, Cancel);

        foreach (var address in (string[])[row.Details.Id, "Käufer.1"])
        {
            var found = await Store.Configuration.FindApplicationAsync(organization, address, Cancel);
            Assert.Equivalent(row, found, strict: true);
            Assert.Null(await Store.Configuration.FindApplicationAsync("org_other", address, Cancel));
        }
    }

    [Fact]
    public async Task An_application_is_found_by_its_id_alone_while_it_lives()
    {
        var row = Given.ApplicationRow(organization: "org_" + Guid.NewGuid().ToString("N"));
        row = row with { Details = row.Details with { ThrottleRate = 65_535 } };
        await Store.Configuration.CreateApplicationAsync(row, Cancel);
        Assert.Equivalent(row, await Store.Configuration.FindApplicationAsync(row.Id, Cancel), strict: true);
        Assert.Null(await Store.Configuration.FindApplicationAsync(Given.NewId(), Cancel));

        await Store.Configuration.DeleteApplicationAsync(row.Id, Given.Now, Cancel);
        Assert.Null(await Store.Configuration.FindApplicationAsync(row.Id, Cancel));
    }

    [Fact]
    public async Task An_update_may_not_take_a_uid_nor_revive_the_deleted()
    {
        var organization = "org_" + Guid.NewGuid().ToString("N");
        var one = Given.ApplicationRow("one", organization);
        var two = Given.ApplicationRow("two", organization);
        await Store.Configuration.CreateApplicationAsync(one, Cancel);
        await Store.Configuration.CreateApplicationAsync(two, Cancel);

        Assert.Equal(WriteVerdict.Taken, await Store.Configuration.UpdateApplicationAsync(two with { Details = two.Details with { Uid = "one" } }, Cancel));
        Assert.Equal(WriteVerdict.Written, await Store.Configuration.UpdateApplicationAsync(two with { Details = two.Details with { Name = "New", Uid = null } }, Cancel));
        Assert.Equal("New", (await Store.Configuration.FindApplicationAsync(organization, two.Details.Id, Cancel))!.Details.Name);
        await Store.Configuration.DeleteApplicationAsync(two.Id, Given.Now, Cancel);
        Assert.Equal(WriteVerdict.Gone, await Store.Configuration.UpdateApplicationAsync(two, Cancel));
    }

    [Fact]
    public async Task Deleting_an_application_fences_its_endpoints_and_frees_their_uids()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application, "ep-uid");
        var cursor = await Given.TakenAsync(Store, Given.Id(write));

        await Store.Configuration.DeleteApplicationAsync(application, Given.Now, Cancel);

        Assert.False(await Given.RecordedAsync(Store, Given.Outcome(cursor)));
        Assert.Null(await Store.Configuration.FindEndpointAsync(application, "ep-uid", Cancel));
        Assert.Null(await Store.Configuration.FindEndpointAsync(Given.Id(write), Cancel));
        Assert.True((await Store.Log.ReadRoutingAsync(application, Cancel))!.Head.Deleted);
        Assert.Equal(WriteVerdict.Gone, (await Store.Configuration.CreateEndpointAsync(application, Given.Endpoint(application), Cancel)).Verdict);
    }

    [Fact]
    public async Task Every_endpoint_gets_an_ordinal_of_its_own_that_is_never_used_again()
    {
        var application = await Given.ApplicationAsync(Store);
        var ordinals = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            var write = await Given.EndpointAsync(Store, application);
            ordinals.Add(write.Endpoint!.Ordinal);
            await Store.Configuration.DeleteEndpointAsync(application, Given.Id(write), Given.Now, Cancel);
        }

        Assert.Equal(4, ordinals.Distinct().Count());
    }

    [Fact]
    public async Task Every_change_of_an_endpoint_raises_the_routing_version()
    {
        var application = await Given.ApplicationAsync(Store);
        var created = await Given.EndpointAsync(Store, application);
        var updated = await Store.Configuration.UpdateEndpointAsync(application, created.Endpoint! with { Description = "new" }, fence: false, Cancel);
        var deleted = await Store.Configuration.DeleteEndpointAsync(application, Given.Id(created), Given.Now, Cancel);

        Assert.Equal([2L, 3, 4], new[] { created, updated, deleted }.Select(static w => w.RoutingVersion));
        Assert.Equal(WriteVerdict.Gone, (await Store.Configuration.UpdateEndpointAsync(application, created.Endpoint!, false, Cancel)).Verdict);
        Assert.Equal(4, (await Store.Log.ReadHeadAsync(application, Cancel))!.RoutingVersion);
    }

    [Fact]
    public async Task A_refused_endpoint_changes_nothing()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.EndpointAsync(Store, application, "taken");

        Assert.Equal(WriteVerdict.Taken, (await Store.Configuration.CreateEndpointAsync(application, Given.Endpoint(application, "taken"), Cancel)).Verdict);
        Assert.Equal(2, (await Store.Log.ReadHeadAsync(application, Cancel))!.RoutingVersion);
        Assert.Single((await Store.Configuration.ListEndpointsAsync(application, new PageRequest(10), Cancel)).Items);
    }

    [Fact]
    public async Task Fencing_an_update_stops_the_owner_and_a_plain_one_does_not()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        var cursor = await Given.TakenAsync(Store, Given.Id(write));

        await Store.Configuration.UpdateEndpointAsync(application, write.Endpoint! with { Description = "x" }, fence: false, Cancel);
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor)));
        await Store.Configuration.UpdateEndpointAsync(application, write.Endpoint! with { Disabled = true }, fence: true, Cancel);
        Assert.False(await Given.RecordedAsync(Store, Given.Outcome(cursor)));
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    public async Task Why_an_endpoint_disabled_itself_is_forgotten_when_it_is_enabled_paused_or_not(bool disabled, bool paused, bool kept)
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        var cursor = await Given.TakenAsync(Store, Given.Id(write));
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor) with { Health = new EndpointHealth { DisabledReason = "gone" } }));

        await Store.Configuration.UpdateEndpointAsync(application, write.Endpoint! with { Disabled = disabled, Paused = paused }, fence: true, Cancel);

        var after = await Store.Cursors.ReadCursorAsync(Given.Id(write), Cancel);
        Assert.Equal((kept ? "gone" : null, cursor.Epoch + 1), (after!.Health.DisabledReason, after.Epoch));
    }

    [Fact]
    public async Task An_endpoint_comes_back_as_it_was_written()
    {
        var application = await Given.ApplicationAsync(Store);
        var endpoint = Given.Endpoint(application, "uid-1") with
        {
            Description = "With a \0 and \U0001F98A",
            EventTypes = ["lead.captured"],
            Channels = ["europe"],
            Headers = new Dictionary<string, string> { ["x-one"] = "1" },
            Metadata = new Dictionary<string, string> { ["k"] = "v\0" },
            ThrottleRate = 7,
            Ordering = OrderingMode.Key,
            MaxInFlight = 3,
            RetrySchedule = [1, 2, 3],
            Secrets = [new EndpointSecret("whsec_AAAA"), new EndpointSecret("whsec_BBBB", Given.Now)],
        };
        var write = await Store.Configuration.CreateEndpointAsync(application, endpoint, Cancel);

        foreach (var found in new[]
        {
            await Store.Configuration.FindEndpointAsync(application, "uid-1", Cancel),
            await Store.Configuration.FindEndpointAsync(application, endpoint.Id, Cancel),
            await Store.Configuration.FindEndpointAsync(Given.Id(endpoint), Cancel),
            (await Store.Log.ReadRoutingAsync(application, Cancel))!.Endpoints.Single().Details,
        })
        {
            Assert.Equivalent(endpoint with { Ordinal = write.Endpoint!.Ordinal }, found, strict: true);
        }

        Assert.Null(await Store.Configuration.FindEndpointAsync(Given.NewId(), endpoint.Id, Cancel));
    }

    [Fact]
    public async Task Endpoints_and_appends_stand_wholly_before_or_wholly_after_each_other()
    {
        // The promise: an endpoint answered 201 gets every message published after that, and no message matched before.
        var application = await Given.ApplicationAsync(Store);
        var stop = false;
        var appends = Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var routing = (await Store.Log.ReadRoutingAsync(application, CancellationToken.None))!;
                var recipients = routing.Endpoints.Select(static e => e.Details.Ordinal).Order().ToArray();
                await Store.Log.AppendAsync(
                    [new AppendRequest(application, routing.Head.Tail, routing.Head.RoutingVersion, "silo-1", [Given.Message("{}", recipients)])],
                    DateTimeOffset.MinValue,
                    CancellationToken.None);
            }
        }, Cancel);
        var made = new List<EndpointWrite>();
        for (var i = 0; i < 20; i++)
        {
            made.Add(await Given.EndpointAsync(Store, application));
        }

        Volatile.Write(ref stop, true);
        await appends;
        var recipientsAt = await Store.Log.ReadRecipientsAsync(application, 0, long.MaxValue, 100_000, Cancel);
        foreach (var endpoint in made)
        {
            foreach (var entry in recipientsAt)
            {
                Assert.Equal(entry.Seq > endpoint.Tail, entry.Recipients.Contains(endpoint.Endpoint!.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Taking_the_head_returns_one_picture_and_releasing_it_is_the_owners_right()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        await Given.AppendedAsync(Store, application, 2, write.Endpoint!.Ordinal);

        var taken = (await Store.Log.TakeHeadAsync(application, "silo-9", Cancel))!;
        Assert.Equal((2L, 2L, "silo-9"), (taken.Head.Tail, taken.Head.RoutingVersion, taken.Head.Owner));
        Assert.Equal(application, taken.Application.Id);
        Assert.Equal(0, Assert.Single(taken.Endpoints).Position);

        await Store.Log.ReleaseHeadAsync(application, "silo-1", null, Cancel);
        Assert.Equal("silo-9", (await Store.Log.ReadHeadAsync(application, Cancel))!.Owner);
        await Store.Log.ReleaseHeadAsync(application, "silo-9", null, Cancel);
        Assert.Null((await Store.Log.ReadHeadAsync(application, Cancel))!.Owner);
        Assert.Null(await Store.Log.TakeHeadAsync(Given.NewId(), "silo-9", Cancel));
        Assert.Null(await Store.Log.ReadRoutingAsync(Given.NewId(), Cancel));
    }

    [Fact]
    public async Task Lists_page_both_ways_without_gap_or_repeat()
    {
        var application = await Given.ApplicationAsync(Store);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await Given.EndpointAsync(Store, application)).Endpoint!.Id);
        }

        var first = await ListAsync(new PageRequest(2));
        Assert.Equal(ids[..2], first.Items.Select(static e => e.Id));
        Assert.True(first.HasMore);
        var last = await ListAsync(new PageRequest(3, ids[1]));
        Assert.Equal(ids[2..], last.Items.Select(static e => e.Id));
        Assert.False(last.HasMore);
        var back = await ListAsync(new PageRequest(2, ids[3], Backwards: true));
        Assert.Equal(ids[1..3], back.Items.Select(static e => e.Id));
        Assert.True(back.HasMore);
        var down = await ListAsync(new PageRequest(2, ids[2], Descending: true));
        Assert.Equal([ids[1], ids[0]], down.Items.Select(static e => e.Id));
        Assert.Empty((await ListAsync(new PageRequest(2, "ep_nonsense"))).Items);

        Task<Page<EndpointDetails>> ListAsync(PageRequest page) => Store.Configuration.ListEndpointsAsync(application, page, Cancel);
    }
}
