using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.EventTypes;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Event types of an organization, by name in the order of their bytes.</summary>
public abstract class EventTypeCompliance(StoreFixture fixture)
{
    private readonly string _organization = "org_" + Guid.NewGuid().ToString("N");

    private IConfigurationStore Store => fixture.Store.Configuration;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_taken_until_it_is_archived_or_removed()
    {
        Assert.Equal(WriteVerdict.Written, await CreateAsync("lead.captured", "first"));
        Assert.Equal(WriteVerdict.Taken, await CreateAsync("lead.captured", "second"));

        Assert.Equal(WriteVerdict.Written, await Store.DeleteEventTypeAsync(_organization, "lead.captured", expunge: false, Given.Now, Cancel));
        Assert.True((await Store.FindEventTypeAsync(_organization, "lead.captured", Cancel))!.Archived);
        Assert.Equal(WriteVerdict.Written, await CreateAsync("lead.captured", "third"));
        var revived = (await Store.FindEventTypeAsync(_organization, "lead.captured", Cancel))!;
        Assert.Equal((false, "third"), (revived.Archived, revived.Description));

        Assert.Equal(WriteVerdict.Written, await Store.DeleteEventTypeAsync(_organization, "lead.captured", expunge: true, Given.Now, Cancel));
        Assert.Null(await Store.FindEventTypeAsync(_organization, "lead.captured", Cancel));
        Assert.Equal(WriteVerdict.Gone, await Store.DeleteEventTypeAsync(_organization, "lead.captured", expunge: false, Given.Now, Cancel));
        Assert.Equal(WriteVerdict.Gone, await Store.UpdateEventTypeAsync(_organization, Type("lead.captured", "x"), Cancel));
    }

    [Fact]
    public async Task Only_names_that_are_there_and_not_archived_are_known()
    {
        await CreateAsync("a", "");
        await CreateAsync("b", "");
        await Store.DeleteEventTypeAsync(_organization, "b", expunge: false, Given.Now, Cancel);

        Assert.Equal(["b", "c"], (await Store.FindUnknownEventTypesAsync(_organization, ["a", "b", "c"], Cancel)).Order());
        Assert.Equal(["a"], await Store.FindUnknownEventTypesAsync("org_other", ["a"], Cancel));
    }

    [Fact]
    public async Task Names_are_listed_in_the_order_of_their_bytes()
    {
        string[] names = ["A", "B", "_", "a", "a.b", "a_b", "b"];
        foreach (var name in names.Reverse())
        {
            await CreateAsync(name, "");
        }

        Assert.Equal(names, (await ListAsync(new PageRequest(50))).Items.Select(static t => t.Name));
        Assert.Equal(["_", "a"], (await ListAsync(new PageRequest(2, "B"))).Items.Select(static t => t.Name));
        Assert.Equal(["B", "A"], (await ListAsync(new PageRequest(2, "_", Descending: true))).Items.Select(static t => t.Name));
        Assert.Equal(["a", "a.b"], (await ListAsync(new PageRequest(2, "a_b", Backwards: true))).Items.Select(static t => t.Name));
    }

    [Fact]
    public async Task Archived_types_are_listed_when_asked_for()
    {
        await CreateAsync("gone", "");
        await CreateAsync("here", "");
        await Store.DeleteEventTypeAsync(_organization, "gone", expunge: false, Given.Now, Cancel);

        Assert.Equal(["here"], (await ListAsync(new PageRequest(50))).Items.Select(static t => t.Name));
        Assert.Equal(["gone", "here"], (await ListAsync(new PageRequest(50), includeArchived: true)).Items.Select(static t => t.Name));
    }

    private Task<WriteVerdict> CreateAsync(string name, string description) => Store.CreateEventTypeAsync(_organization, Type(name, description), Cancel);

    private Task<Page<EventTypeDetails>> ListAsync(PageRequest page, bool includeArchived = false) => Store.ListEventTypesAsync(_organization, page, includeArchived, Cancel);

    private static EventTypeDetails Type(string name, string description) => new() { Name = name, Description = description, CreatedAt = Given.Now, UpdatedAt = Given.Now };
}
