using System.Text;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What the API lists of messages and attempts.</summary>
public abstract class ReadCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_found_by_id_and_event_id_in_its_application_alone()
    {
        var application = await Given.ApplicationAsync(Store);
        var message = Given.Message("{\"a\":1}") with { EventId = "order-1", Channels = ["vip"] };
        await Given.AppendedAsync(Store, application, message);
        var other = await Given.ApplicationAsync(Store);

        foreach (var address in (string[])[EntityId.Format(EntityId.Message, message.Id), "order-1"])
        {
            var found = (await Store.Reads.FindMessageAsync(application, address, withContent: true, Cancel))!;
            Assert.Equal((message.Id, message.Token, "order-1", false), (found.Id, found.Token, found.EventId, found.PayloadGone));
            Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(found.Payload!));
            Assert.Equal(["vip"], found.Channels);
            Assert.Null((await Store.Reads.FindMessageAsync(application, address, withContent: false, Cancel))!.Payload);
            Assert.Null(await Store.Reads.FindMessageAsync(other, address, withContent: true, Cancel));
        }
    }

    [Fact]
    public async Task Messages_are_listed_by_place_in_the_log_and_paged_both_ways()
    {
        var (application, ids) = await WithMessagesAsync(5);

        Assert.Equal([ids[4], ids[3]], await MessagesAsync(application, new(), new PageRequest(2, Descending: true)));
        Assert.Equal([ids[2], ids[1], ids[0]], await MessagesAsync(application, new(), new PageRequest(5, ids[3], Descending: true)));
        Assert.Equal([ids[3], ids[2]], await MessagesAsync(application, new(), new PageRequest(2, ids[1], Backwards: true, Descending: true)));
    }

    [Fact]
    public async Task Before_is_exclusive_and_after_inclusive()
    {
        var (application, ids) = await WithMessagesAsync(5);
        var third = Given.Now.AddSeconds(2);

        Assert.Equal([ids[1], ids[0]], await MessagesAsync(application, new(Before: third), new PageRequest(10, Descending: true)));
        Assert.Equal([ids[4], ids[3], ids[2]], await MessagesAsync(application, new(After: third), new PageRequest(10, Descending: true)));
        Assert.Equal([ids[2]], await MessagesAsync(application, new(Before: third.AddSeconds(1), After: third), new PageRequest(10, Descending: true)));
    }

    [Fact]
    public async Task Messages_are_narrowed_by_channel_and_type()
    {
        var application = await Given.ApplicationAsync(Store);
        var vip = Given.Message() with { Channels = ["vip", "europe"] };
        var sale = Given.Message() with { EventType = "sale.completed", Channels = ["vip2"] };
        await Given.AppendedAsync(Store, application, vip, sale, Given.Message());

        Assert.Equal([Text(vip.Id)], await MessagesAsync(application, new(Channel: "vip"), new PageRequest(10)));
        Assert.Equal([Text(sale.Id)], await MessagesAsync(application, new(EventTypes: ["sale.completed", "none"]), new PageRequest(10)));
        Assert.Empty(await MessagesAsync(application, new(Channel: "ip"), new PageRequest(10)));
    }

    [Fact]
    public async Task Attempts_are_narrowed_by_status_code_endpoint_and_message()
    {
        var (application, ids) = await WithMessagesAsync(2);
        var one = await OwnedAsync(application);
        var two = await OwnedAsync(application);
        var message = MessageId(ids[0]);
        var good = Given.Attempt(1, message);
        var bad = Given.Attempt(1, message, AttemptStatus.Fail, 503);
        var refused = Given.Attempt(2, MessageId(ids[1]), AttemptStatus.Fail, 0);
        var elsewhere = Given.Attempt(1, message, AttemptStatus.Fail, 404);
        await Given.RecordedAsync(Store, Given.Outcome(one) with { Attempts = [good, bad, refused] });
        await Given.RecordedAsync(Store, Given.Outcome(two) with { Attempts = [elsewhere] });

        Assert.Equal(Texts(refused, bad, good), await ByEndpointAsync(new()));
        Assert.Equal(Texts(refused, bad), await ByEndpointAsync(new(Status: (int)AttemptStatus.Fail)));
        Assert.Equal(Texts(bad), await ByEndpointAsync(new(StatusCodeClass: 500)));
        Assert.Equal(Texts(refused), await ByEndpointAsync(new(StatusCodeClass: 0)));
        Assert.Equal(Texts(elsewhere, bad, good), await ByMessageAsync(new()));
        Assert.Equal(Texts(elsewhere), await ByMessageAsync(new(EndpointId: EntityId.Format(EntityId.Endpoint, two.Endpoint))));
        Assert.Equal(Texts(bad), await ByMessageAsync(new(), new PageRequest(1, EntityId.Format(EntityId.Attempt, elsewhere.Id), Descending: true)));

        Assert.Equal(503, (await Store.Reads.FindAttemptAsync(application, ids[0], bad.Id, Cancel))!.ResponseStatusCode);
        Assert.Null(await Store.Reads.FindAttemptAsync(application, ids[1], bad.Id, Cancel));
        Assert.Null(await Store.Reads.FindAttemptAsync(Given.NewId(), ids[0], bad.Id, Cancel));

        async Task<string[]> ByEndpointAsync(AttemptFilter filter) => Ids(await Store.Reads.ListAttemptsByEndpointAsync(application, one.Endpoint, filter, new PageRequest(10, Descending: true), Cancel));
        async Task<string[]> ByMessageAsync(AttemptFilter filter, PageRequest? page = null) => Ids(await Store.Reads.ListAttemptsByMessageAsync(application, ids[0], filter, page ?? new PageRequest(10, Descending: true), Cancel));
        static string[] Ids(Page<AttemptDetails> page) => [.. page.Items.Select(static a => a.Id)];
        static string[] Texts(params AttemptRow[] rows) => [.. rows.Select(static a => EntityId.Format(EntityId.Attempt, a.Id))];
    }

    [Fact]
    public async Task An_answer_that_is_not_text_is_shown_as_base_64()
    {
        var (application, ids) = await WithMessagesAsync(1);
        var owned = await OwnedAsync(application);
        await Given.RecordedAsync(Store, Given.Outcome(owned) with { Attempts = [Given.Attempt(1, MessageId(ids[0])) with { Response = [0xFF, 0x00, 0xFE] }] });

        var shown = Assert.Single((await Store.Reads.ListAttemptsByMessageAsync(application, ids[0], new(), new PageRequest(10), Cancel)).Items);
        Assert.Equal(Convert.ToBase64String([0xFF, 0x00, 0xFE]), shown.Response);
    }

    [Fact]
    public async Task A_long_answer_is_kept_packed_and_shown_whole()
    {
        var (application, ids) = await WithMessagesAsync(1);
        var owned = await OwnedAsync(application);
        var page = string.Concat(Enumerable.Range(0, 800).Select(static i => $"<p>line {i} of what is wrong</p>"))[..20_000];
        var packed = PackedAnswer.Pack(System.Text.Encoding.UTF8.GetBytes(page));
        await Given.RecordedAsync(Store, Given.Outcome(owned) with { Attempts = [Given.Attempt(1, MessageId(ids[0])) with { Response = packed }] });

        var shown = Assert.Single((await Store.Reads.ListAttemptsByMessageAsync(application, ids[0], new(), new PageRequest(10), Cancel)).Items);
        Assert.Equal(page, shown.Response);
        Assert.InRange(packed.Length, 1, 7_000);
    }

    private async Task<CursorRow> OwnedAsync(Guid application) => await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application)));

    private async Task<string[]> MessagesAsync(Guid application, MessageFilter filter, PageRequest page) =>
        [.. (await Store.Reads.ListMessagesAsync(application, filter, page, Cancel)).Items.Select(static m => Text(m.Id))];

    private async Task<(Guid Application, string[] Ids)> WithMessagesAsync(int count)
    {
        var application = await Given.ApplicationAsync(Store);
        var messages = Enumerable.Range(0, count).Select(static i => Given.Message() with { AcceptedAt = Given.Now.AddSeconds(i) }).ToArray();
        await Given.AppendedAsync(Store, application, messages);
        return (application, [.. messages.Select(static m => Text(m.Id))]);
    }

    private static string Text(Guid message) => EntityId.Format(EntityId.Message, message);

    private static Guid MessageId(string text) => EntityId.TryParse(EntityId.Message, text, out var id) ? id : throw new FormatException(text);
}
