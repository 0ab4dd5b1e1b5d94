using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Queues that are given up: parked rows that memory does not know, stretches of the log, and what lies ahead of the cursor.</summary>
public abstract class GivingUpCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parked_rows_of_one_queue_up_to_a_place_become_dead_letters_but_those_in_flight()
    {
        var (application, cursor) = await QueueAsync(8);
        await Given.RecordedAsync(Store, Given.Outcome(cursor, 8) with
        {
            Parked =
            [
                new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now), new ParkedRow(2, ParkedKind.Behind, 0, 0, null), new ParkedRow(3, ParkedKind.Behind, 0, 0, null),
                new ParkedRow(4, ParkedKind.RecoveryRetry, 0, 1, Given.Now), new ParkedRow(5, ParkedKind.Behind, 0, 0, null),
            ],
        });

        var given = Given.Outcome(cursor, 8) with { GivenUp = [(QueueKind.Live, new GivenUpRow(4, "purged", Given.Now, [2]))] };
        Assert.True(await Given.RecordedAsync(Store, given));
        Assert.True(await Given.RecordedAsync(Store, given));

        Assert.Equal([(3L, "purged"), (1L, "purged")], await DeadAsync(application, cursor.Endpoint));
        Assert.Equal(2, (await Store.Cursors.ReadLaneHeadAsync(cursor.Endpoint, QueueKind.Live, 0, Cancel))!.Seq);
        Assert.Equal(4, (await Store.Cursors.ReadLaneHeadAsync(cursor.Endpoint, QueueKind.Recovery, 0, Cancel))!.Seq);
        Assert.Equal([4L], (await Store.Cursors.ReadLaneHeadsAsync(cursor.Endpoint, QueueKind.Recovery, 5, Cancel)).Select(static p => p.Seq));

        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 8) with { GivenUp = [(QueueKind.Recovery, new GivenUpRow(8, "cancelled", Given.Now, []))] }));
        Assert.Null(await Store.Cursors.ReadLaneHeadAsync(cursor.Endpoint, QueueKind.Recovery, 0, Cancel));
        Assert.NotNull(await Store.Cursors.ReadLaneHeadAsync(cursor.Endpoint, QueueKind.Live, 0, Cancel));
    }

    [Fact]
    public async Task A_stretch_is_listed_and_counted_by_its_messages_for_the_endpoint()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        var mine = write.Endpoint!.Ordinal;
        await Given.AppendedAsync(Store, application, [.. Enumerable.Range(1, 12).Select(n => Given.Message("{}", n % 3 == 0 ? [] : [mine]))]);
        var ids = (await Store.Log.ReadIdsAsync(application, 1, 12, Cancel)).Select(static m => m.Id).ToArray();
        var cursor = await Given.TakenAsync(Store, Given.Id(write));
        // 2 was delivered by itself; 4 is listed under its own reason.
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 12) with
        {
            Attempts = [Given.Attempt(2, ids[1])],
            DeadLetters = [new DeadLetterRow(1, 8, "purged", Given.Now), new DeadLetterRow(4, 4, "exhausted", Given.Now), new DeadLetterRow(9, 11, "expired", Given.Now)],
        }));

        Assert.Equal([(11L, "expired"), (10L, "expired"), (8L, "purged"), (7L, "purged"), (5L, "purged"), (4L, "exhausted"), (1L, "purged")], await DeadAsync(application, cursor.Endpoint));
        Assert.Equal(7, await Store.Reads.CountDeadLettersAsync(application, cursor.Endpoint, Cancel));
        var page = await Store.Reads.ListDeadLettersAsync(application, cursor.Endpoint, true, new PageRequest(2, EntityId.Format(EntityId.Message, ids[7]), Descending: true), Cancel);
        Assert.Equal([7L, 5], page.Items.Select(static l => l.Message.Seq));
        Assert.True(page.HasMore);
        var back = await Store.Reads.ListDeadLettersAsync(application, cursor.Endpoint, true, new PageRequest(2, EntityId.Format(EntityId.Message, ids[4]), Backwards: true, Descending: true), Cancel);
        Assert.Equal([8L, 7], back.Items.Select(static l => l.Message.Seq));
        Assert.Equal("purged", (await Store.Reads.ReadStateAsync(application, cursor.Endpoint, mine, 5, Cancel))!.DeadReason);
        Assert.Equal("exhausted", (await Store.Reads.ReadStateAsync(application, cursor.Endpoint, mine, 4, Cancel))!.DeadReason);
    }

    [Fact]
    public async Task What_was_settled_ahead_of_the_cursor_is_known_to_a_successor()
    {
        var (application, cursor) = await QueueAsync(9);
        var ids = (await Store.Log.ReadIdsAsync(application, 1, 9, Cancel)).Select(static m => m.Id).ToArray();
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 2) with
        {
            Attempts = [Given.Attempt(1, ids[0]), Given.Attempt(4, ids[3]), Given.Attempt(6, ids[5], AttemptStatus.Fail, 500), Given.Attempt(7, ids[6])],
            DeadLetters = [new DeadLetterRow(5, 5, "skipped", Given.Now)],
        }));

        Assert.Equal([4L, 5, 7], await Store.Cursors.ReadSettledAsync(cursor.Endpoint, 2, 10, Cancel));
        Assert.Equal([4L, 5], await Store.Cursors.ReadSettledAsync(cursor.Endpoint, 2, 2, Cancel));
        Assert.Equal([7L], await Store.Cursors.ReadSettledAsync(cursor.Endpoint, 5, 10, Cancel));
        Assert.Equal(application, await Store.Reads.FindApplicationAsync(cursor.Endpoint, Cancel));
    }

    private async Task<(Guid Application, CursorRow Cursor)> QueueAsync(int messages)
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        await Given.AppendedAsync(Store, application, messages, write.Endpoint!.Ordinal);
        return (application, await Given.TakenAsync(Store, Given.Id(write)));
    }

    private async Task<IEnumerable<(long, string)>> DeadAsync(Guid application, Guid endpoint) =>
        (await Store.Reads.ListDeadLettersAsync(application, endpoint, false, new PageRequest(50, Descending: true), Cancel)).Items.Select(static l => (l.Message.Seq, l.Reason));
}
