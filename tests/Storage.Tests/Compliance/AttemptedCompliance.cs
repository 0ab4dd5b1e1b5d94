using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What came of messages: lists by endpoint and by message, counts, what a recovery has to send.</summary>
public abstract class AttemptedCompliance(StoreFixture fixture)
{
    private static readonly PageRequest Newest = new(50, Descending: true);

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_an_endpoint_are_listed_by_what_came_of_them()
    {
        var world = await World.MakeAsync(Store);

        Assert.Equal([(5, AttemptedStatus.Sending), (4, AttemptedStatus.Fail), (3, AttemptedStatus.Success), (1, AttemptedStatus.Success)], await ListAsync(world, null));
        Assert.Equal([(3, AttemptedStatus.Success), (1, AttemptedStatus.Success)], await ListAsync(world, AttemptedStatus.Success));
        Assert.Equal([(4, AttemptedStatus.Fail)], await ListAsync(world, AttemptedStatus.Fail));
        Assert.Equal([(5, AttemptedStatus.Sending)], await ListAsync(world, AttemptedStatus.Sending));
    }

    [Fact]
    public async Task A_message_on_its_way_says_when_the_next_attempt_is_planned()
    {
        var world = await World.MakeAsync(Store);
        var page = await Store.Reads.ListAttemptedMessagesAsync(world.Application, world.Endpoint, new MessageFilter(), AttemptedStatus.Sending, Newest, Cancel);

        Assert.Equal(World.NextAttempt, Assert.Single(page.Items).NextAttemptAt);
    }

    [Fact]
    public async Task Pages_of_attempted_messages_go_both_ways_and_obey_their_filters()
    {
        var world = await World.MakeAsync(Store);
        var first = await PageAsync(world, new PageRequest(2, Descending: true), new MessageFilter());
        Assert.Equal([5, 4], first.Items.Select(static m => m.Message.Seq));
        Assert.True(first.HasMore);

        var next = await PageAsync(world, new PageRequest(2, Id(first.Items[^1]), Descending: true), new MessageFilter());
        Assert.Equal([3, 1], next.Items.Select(static m => m.Message.Seq));
        Assert.False(next.HasMore);

        var back = await PageAsync(world, new PageRequest(2, Id(next.Items[0]), Backwards: true, Descending: true), new MessageFilter());
        Assert.Equal([5, 4], back.Items.Select(static m => m.Message.Seq));

        Assert.Equal([3], (await PageAsync(world, Newest, new MessageFilter(Channel: "vip"))).Items.Select(static m => m.Message.Seq));
        Assert.Equal([4], (await PageAsync(world, Newest, new MessageFilter(Tag: "red"))).Items.Select(static m => m.Message.Seq));
        Assert.Equal([5], (await PageAsync(world, Newest, new MessageFilter(EventTypes: ["sale.completed"]))).Items.Select(static m => m.Message.Seq));
    }

    [Fact]
    public async Task Endpoints_of_a_message_are_listed_with_their_last_attempt_also_when_deleted()
    {
        var world = await World.MakeAsync(Store);
        var page = await Store.Reads.ListAttemptedEndpointsAsync(world.Application, "order-3", new PageRequest(50), Cancel);
        Assert.Equal([world.Endpoint, world.Other], page.Items.Select(e => Given.Id(e.Endpoint)));
        Assert.Equal([AttemptStatus.Success, AttemptStatus.Fail], page.Items.Select(static e => e.Status));

        await Store.Configuration.DeleteEndpointAsync(world.Application, world.Other, Given.Now, Cancel);
        var first = await Store.Reads.ListAttemptedEndpointsAsync(world.Application, "order-3", new PageRequest(1), Cancel);
        Assert.True(first.HasMore);
        var second = await Store.Reads.ListAttemptedEndpointsAsync(world.Application, "order-3", new PageRequest(1, first.Items[0].Endpoint.Id), Cancel);
        Assert.Equal([world.Other], second.Items.Select(e => Given.Id(e.Endpoint)));
        Assert.False(second.HasMore);
        Assert.Empty((await Store.Reads.ListAttemptedEndpointsAsync(world.Application, "order-none", new PageRequest(1), Cancel)).Items);
    }

    [Fact]
    public async Task Attempts_are_counted_by_outcome_within_a_range_of_ids()
    {
        var world = await World.MakeAsync(Store);

        Assert.Equal(new AttemptCounts(2, 4), await Store.Reads.CountAttemptsAsync(world.Endpoint, Guid.Empty, Guid.AllBitsSet, Cancel));
        Assert.Equal(new AttemptCounts(0, 0), await Store.Reads.CountAttemptsAsync(world.Endpoint, Guid.AllBitsSet, Guid.AllBitsSet, Cancel));
    }

    [Fact]
    public async Task Attempts_are_counted_in_stretches_with_durations_of_the_last_ones_of_each()
    {
        var world = await World.MakeAsync(Store);
        var all = (await Store.Reads.ListAttemptsByEndpointAsync(world.Application, world.Endpoint, new AttemptFilter(), Newest, Cancel)).Items;
        Guid[] ids = [.. all.Select(static a => EntityId.TryParse(EntityId.Attempt, a.Id, out var id) ? id : Guid.Empty).Reverse()];

        var stretches = await Store.Reads.CountStretchesAsync(world.Endpoint, [Guid.Empty, ids[2], Guid.AllBitsSet, Guid.AllBitsSet], 3, Cancel);

        Assert.Equal([2, ids.Length - 2, 0], stretches.Select(static s => s.Succeeded + s.Failed));
        Assert.Equal((2, 4), (stretches.Sum(static s => s.Succeeded), stretches.Sum(static s => s.Failed)));
        Assert.Equal([2, 3, 0], stretches.Select(static s => s.Durations.Count));
        Assert.Equal(all.Take(3).Select(static a => (int)a.ResponseDurationMs).Order(), stretches[1].Durations.Order());
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_counted_until_they_are_delivered()
    {
        var world = await World.MakeAsync(Store);
        var letter = Assert.Single((await Store.Reads.ListDeadLettersAsync(world.Application, world.Endpoint, true, Newest, Cancel)).Items);
        Assert.Equal((4, "exhausted", Given.Now), (letter.Message.Seq, letter.Reason, letter.At));
        Assert.NotNull(letter.Message.Payload);
        Assert.Equal(1, await Store.Reads.CountDeadLettersAsync(world.Application, world.Endpoint, Cancel));
        Assert.Equal(0, await Store.Reads.CountDeadLettersAsync(world.Application, world.Other, Cancel));

        var cursor = await Store.Cursors.ReadCursorAsync(world.Endpoint, Cancel);
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor!) with { Revived = [4, 5] }));
        Assert.Equal(0, await Store.Reads.CountDeadLettersAsync(world.Application, world.Endpoint, Cancel));
    }

    [Theory]
    [InlineData(1, true, false, false, 1)]
    [InlineData(2, true, false, false, 0)]
    [InlineData(4, true, false, true, 2)]
    [InlineData(5, true, true, false, 1)]
    [InlineData(6, false, false, false, 0)]
    public async Task The_state_of_an_entry_is_all_that_is_known_of_it(long seq, bool isRecipient, bool isParked, bool isDead, int attempts)
    {
        var world = await World.MakeAsync(Store);
        await Given.AppendedAsync(Store, world.Application, Given.Message());
        var endpoint = await Store.Configuration.FindEndpointAsync(world.Endpoint, Cancel);
        var state = await Store.Reads.ReadStateAsync(world.Application, world.Endpoint, endpoint!.Ordinal, seq, Cancel);

        Assert.Equal((isRecipient, isParked, isDead, attempts), (state!.IsRecipient, state.Parked is not null, state.DeadReason is not null, state.Attempts.Count));
        Assert.Equal(5, state.Cursor.Position);
        Assert.Null(await Store.Reads.ReadStateAsync(world.Application, Guid.NewGuid(), 1, seq, Cancel));
    }

    [Fact]
    public async Task Lists_of_attempts_obey_the_tag()
    {
        var world = await World.MakeAsync(Store);
        var attempts = await Store.Reads.ListAttemptsByEndpointAsync(world.Application, world.Endpoint, new AttemptFilter(Tag: "red"), Newest, Cancel);
        Assert.Equal(2, attempts.Items.Count);
        var messages = await Store.Reads.ListMessagesAsync(world.Application, new MessageFilter(Tag: "red"), Newest, Cancel);
        Assert.Equal([4], messages.Items.Select(static m => m.Seq));
    }

    private static string Id(AttemptedMessage message) => EntityId.Format(EntityId.Message, message.Message.Id);

    private async Task<(long, AttemptedStatus)[]> ListAsync(World world, AttemptedStatus? status) =>
        [.. (await Store.Reads.ListAttemptedMessagesAsync(world.Application, world.Endpoint, new MessageFilter(), status, Newest, Cancel)).Items.Select(static m => (m.Message.Seq, m.Status))];

    private Task<Page<AttemptedMessage>> PageAsync(World world, PageRequest page, MessageFilter filter) =>
        Store.Reads.ListAttemptedMessagesAsync(world.Application, world.Endpoint, filter, null, page, Cancel);

    /// <summary>
    /// Five messages at one endpoint: 1 delivered, 2 not tried, 3 failed and then delivered, 4 given up after two
    /// attempts, 5 on its way. Message 3 failed at another endpoint.
    /// </summary>
    private sealed record World(Guid Application, Guid Endpoint, Guid Other)
    {
        public static DateTimeOffset NextAttempt { get; } = Given.Now.AddMinutes(5);

        public static async Task<World> MakeAsync(StoreSet store)
        {
            var application = await Given.ApplicationAsync(store);
            var cursor = await Given.TakenAsync(store, Given.Id(await Given.EndpointAsync(store, application)));
            var other = await Given.TakenAsync(store, Given.Id(await Given.EndpointAsync(store, application)));
            NewMessage[] messages =
            [
                Given.Message("{}", cursor.Ordinal),
                Given.Message("{}", cursor.Ordinal),
                Given.Message("{}", cursor.Ordinal, other.Ordinal) with { EventId = "order-3", Channels = ["vip"] },
                Given.Message("{}", cursor.Ordinal) with { Tags = ["red", "blue"] },
                Given.Message("{}", cursor.Ordinal) with { EventType = "sale.completed" },
            ];
            await Given.AppendedAsync(store, application, messages);
            AttemptRow Failed(int seq, DateTimeOffset? next) => Given.Attempt(seq, messages[seq - 1].Id, AttemptStatus.Fail, 500) with { NextAttemptAt = next };
            AttemptRow Delivered(int seq) => Given.Attempt(seq, messages[seq - 1].Id);
            Assert.True(await Given.RecordedAsync(store, Given.Outcome(cursor, 5) with
            {
                Attempts = [Delivered(1), Failed(3, Given.Now), Failed(4, Given.Now), Failed(5, NextAttempt), Delivered(3), Failed(4, null)],
                Parked = [new ParkedRow(5, ParkedKind.Retry, 5, 1, NextAttempt)],
                DeadLetters = [new DeadLetterRow(4, 4, "exhausted", Given.Now)],
            }));
            Assert.True(await Given.RecordedAsync(store, Given.Outcome(other, 5) with { Attempts = [Failed(3, null)] }));
            return new World(application, cursor.Endpoint, other.Endpoint);
        }
    }
}
