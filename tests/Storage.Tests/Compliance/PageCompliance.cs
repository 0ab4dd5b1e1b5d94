using System.Text;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>A page of an endpoint's queue says what it holds and how far it looked: nothing between is left out.</summary>
public abstract class PageCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_holds_the_endpoints_messages_alone()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message("1", 3), Given.Message("2", 3, 7), Given.Message("3"), Given.Message("4", 7, 70_000), Given.Message("5", 70_000));

        Assert.Equal(["2", "4"], await BodiesAsync(application, 7));
        Assert.Equal(["4", "5"], await BodiesAsync(application, 70_000));
        Assert.Empty(await BodiesAsync(application, 0));
    }

    [Fact]
    public async Task A_page_starts_after_and_ends_with_its_bounds()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, 6, 1);

        var page = await Store.Log.ReadPageAsync(application, 1, 2, 5, 100, 1000, Cancel);
        Assert.Equal([3L, 4, 5], page.Messages.Select(static m => m.Seq));
        Assert.Equal(5, page.ScannedUpTo);
    }

    [Fact]
    public async Task A_full_page_was_scanned_up_to_its_last_message()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, 5, 1);

        var page = await Store.Log.ReadPageAsync(application, 1, 0, 5, 2, 1000, Cancel);
        Assert.Equal([1L, 2], page.Messages.Select(static m => m.Seq));
        Assert.Equal(2, page.ScannedUpTo);
    }

    [Fact]
    public async Task A_page_that_ends_exactly_at_its_limit_was_scanned_to_its_end()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message("1", 1), Given.Message("2", 1), Given.Message("3", 2));

        var page = await Store.Log.ReadPageAsync(application, 1, 0, 3, 2, 1000, Cancel);
        Assert.Equal(2, page.Messages.Count);
        Assert.InRange(page.ScannedUpTo, 2, 3);
    }

    [Fact]
    public async Task Bytes_bound_a_page_but_one_message_always_comes()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message(new string('x', 50), 1), Given.Message(new string('y', 50), 1), Given.Message(new string('z', 500), 1));

        Assert.Equal([1L, 2], (await Store.Log.ReadPageAsync(application, 1, 0, 3, 100, 100, Cancel)).Messages.Select(static m => m.Seq));
        Assert.Equal([1L], (await Store.Log.ReadPageAsync(application, 1, 0, 3, 100, 99, Cancel)).Messages.Select(static m => m.Seq));
        var last = await Store.Log.ReadPageAsync(application, 1, 2, 3, 100, 100, Cancel);
        Assert.Equal(500, Assert.Single(last.Messages).Payload!.Length);
        Assert.Equal(3, last.ScannedUpTo);
    }

    [Fact]
    public async Task An_empty_stretch_is_scanned_in_spans()
    {
        var application = await Given.ApplicationAsync(Store);
        for (var i = 0; i < 5; i++)
        {
            await Given.AppendedAsync(Store, application, 1000);
        }

        var tail = await Given.AppendedAsync(Store, application, 1, 1);
        var page = await Store.Log.ReadPageAsync(application, 1, 0, tail, 10, 1000, Cancel);
        Assert.Empty(page.Messages);
        Assert.Equal(4096, page.ScannedUpTo);
        page = await Store.Log.ReadPageAsync(application, 1, page.ScannedUpTo, tail, 10, 1000, Cancel);
        Assert.Equal([tail], page.Messages.Select(static m => m.Seq));
    }

    [Fact]
    public async Task Recipients_of_a_stretch_come_back_as_they_were_written()
    {
        var application = await Given.ApplicationAsync(Store);
        int[] many = [0, 1, 5, 127, 128, 129, 16_384, 2_000_000, int.MaxValue];
        await Given.AppendedAsync(Store, application, Given.Message("1", many), Given.Message("2"), Given.Message("3", 4));

        var read = (await Store.Log.ReadRecipientsAsync(application, 0, 3, 10, Cancel)).Where(static r => r.Recipients.Length > 0).ToArray();
        Assert.Equal([1L, 3], read.Select(static r => r.Seq));
        Assert.Equal(many, read[0].Recipients);
        Assert.Equal([3L], (await Store.Log.ReadRecipientsAsync(application, 2, 3, 10, Cancel)).Select(static r => r.Seq));
        Assert.Equal([1L], (await Store.Log.ReadRecipientsAsync(application, 0, 3, 1, Cancel)).Select(static r => r.Seq));
    }

    private async Task<string[]> BodiesAsync(Guid application, int ordinal) =>
        [.. (await Store.Log.ReadPageAsync(application, ordinal, 0, 100, 100, 100_000, Cancel)).Messages.Select(static m => Encoding.UTF8.GetString(m.Payload!))];
}
