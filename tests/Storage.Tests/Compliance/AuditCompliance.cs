using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>The audit log: rows are added, once each, and read by application and by endpoint.</summary>
public abstract class AuditCompliance(StoreFixture fixture)
{
    private static readonly PageRequest Newest = new(10, Descending: true);

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var full = Row(Given.NewId(), Given.NewId()) with { ActorName = "Ada \U0001F98A", Note = "line\nbreak" };
        var bare = Row(full.Application, full.Endpoint);
        await Store.Audit.AppendAsync(full, Cancel);
        await Store.Audit.AppendAsync(bare, Cancel);

        Assert.Equal(full, await Store.Audit.FindAsync(full.Id, Cancel));
        Assert.Equal(bare, await Store.Audit.FindAsync(bare.Id, Cancel));
        Assert.Null(await Store.Audit.FindAsync(Given.NewId(), Cancel));
    }

    [Fact]
    public async Task The_same_act_twice_is_one_row_and_the_first_one_stays()
    {
        var first = Row(Given.NewId(), Given.NewId());
        await Store.Audit.AppendAsync(first, Cancel);
        await Store.Audit.AppendAsync(first with { Action = "endpoint.purged", Details = "{}" }, Cancel);

        Assert.Equal([first], (await Store.Audit.ListAsync(first.Application, null, Newest, Cancel)).Items);
    }

    [Fact]
    public async Task Lists_are_of_one_application_or_one_endpoint_and_page_both_ways()
    {
        var (application, one, other) = (Given.NewId(), Given.NewId(), Given.NewId());
        var rows = new List<AuditRow>();
        for (var i = 0; i < 6; i++)
        {
            rows.Add(Row(application, i % 2 == 0 ? one : other));
            await Store.Audit.AppendAsync(rows[i], Cancel);
            await Store.Audit.AppendAsync(Row(Given.NewId(), Given.NewId()), Cancel);
        }

        Assert.Equal([rows[5], rows[4], rows[3], rows[2], rows[1], rows[0]], (await ListAsync(null, Newest)).Items);
        Assert.Equal([rows[4], rows[2], rows[0]], (await ListAsync(one, Newest)).Items);
        var page = await ListAsync(null, new PageRequest(2, Text(rows[4]), Descending: true));
        Assert.Equal([rows[3], rows[2]], page.Items);
        Assert.True(page.HasMore);
        var back = await ListAsync(null, new PageRequest(2, Text(rows[2]), Backwards: true, Descending: true));
        Assert.Equal([rows[4], rows[3]], back.Items);
        Assert.True(back.HasMore);
        Assert.False((await ListAsync(other, new PageRequest(2, Text(rows[5]), Descending: true))).HasMore);
        Assert.Empty((await ListAsync(null, Newest with { Iterator = "audit_nonsense" })).Items);

        Task<Page<AuditRow>> ListAsync(Guid? endpoint, PageRequest request) => Store.Audit.ListAsync(application, endpoint, request, Cancel);
    }

    [Fact]
    public async Task A_change_of_an_endpoint_and_its_row_are_one_step()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        var row = Row(application, Given.Id(write));

        await Store.Configuration.UpdateEndpointAsync(application, write.Endpoint! with { Paused = true }, fence: true, row, Cancel);
        Assert.Equal([row], (await Store.Audit.ListAsync(application, null, Newest, Cancel)).Items);

        // A row that no store can hold takes the change with it.
        var unstorable = Row(application, Given.Id(write)) with { Note = "\0" };
        await Assert.ThrowsAsync<StoreContentException>(() =>
            Store.Configuration.UpdateEndpointAsync(application, write.Endpoint!, fence: true, unstorable, Cancel));
        Assert.True((await Store.Configuration.FindEndpointAsync(Given.Id(write), Cancel))!.Paused);

        // And a change that is refused leaves no row.
        await Store.Configuration.DeleteEndpointAsync(application, Given.Id(write), Given.Now, Cancel);
        var late = Row(application, Given.Id(write));
        Assert.Equal(WriteVerdict.Gone, (await Store.Configuration.UpdateEndpointAsync(application, write.Endpoint!, fence: true, late, Cancel)).Verdict);
        Assert.Null(await Store.Audit.FindAsync(late.Id, Cancel));
    }

    private static AuditRow Row(Guid application, Guid endpoint) =>
        new(Given.NewId(), "org_a", application, endpoint, Given.Now, "organization org_a", null, "endpoint.paused", null, """{"from":"queue"}""");

    private static string Text(AuditRow row) => EntityId.Format(EntityId.AuditEntry, row.Id);
}
