using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>An outcome batch is one step: cursor, attempts, parked rows and dead letters together, and twice is once.</summary>
public abstract class OutcomeCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_of_a_batch_is_there_after_it()
    {
        var queue = await QueueAsync(3);
        var attempt = Given.Attempt(1, queue.Messages[0], AttemptStatus.Fail, 503) with { NextAttemptAt = Given.Now.AddSeconds(5), Trigger = AttemptTrigger.Manual };

        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with
        {
            Attempts = [attempt, Given.Attempt(2, queue.Messages[1])],
            Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now.AddSeconds(5))],
        }));

        var cursor = (await Store.Cursors.ReadCursorAsync(queue.Endpoint, Cancel))!;
        Assert.Equal(2, cursor.Position);
        Assert.Equal([new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now.AddSeconds(5))], await Store.Cursors.ReadLaneHeadsAsync(queue.Endpoint, QueueKind.Live, 10, Cancel));
        var attempts = (await Store.Reads.ListAttemptsByEndpointAsync(queue.Application, queue.Endpoint, new(), new(10), Cancel)).Items;
        Assert.Equal(2, attempts.Count);
        Assert.Equal(
            (AttemptStatus.Fail, 503, 12L, AttemptTrigger.Manual, "ok", attempt.Url, Given.Now, Given.Now.AddSeconds(5)),
            (attempts[0].Status, attempts[0].ResponseStatusCode, attempts[0].ResponseDurationMs, attempts[0].Trigger, attempts[0].Response, attempts[0].Url, attempts[0].StartedAt, attempts[0].NextAttemptAt));
    }

    [Fact]
    public async Task The_same_batch_twice_is_the_same_as_once()
    {
        // The answer to the first was lost: the endpoint repeats what it does not know to be written.
        var queue = await QueueAsync(3);
        var batch = Given.Outcome(queue.Cursor, 3) with
        {
            Attempts = [Given.Attempt(1, queue.Messages[0]), Given.Attempt(2, queue.Messages[1], AttemptStatus.Fail, 500)],
            Parked = [new ParkedRow(2, ParkedKind.Retry, 2, 1, Given.Now)],
            DeadLetters = [new DeadLetterRow(3, 3, "expired", Given.Now)],
        };

        Assert.True(await Given.RecordedAsync(Store, batch));
        Assert.True(await Given.RecordedAsync(Store, batch));

        Assert.Equal(2, (await Store.Reads.ListAttemptsByEndpointAsync(queue.Application, queue.Endpoint, new(), new(10), Cancel)).Items.Count);
        Assert.Single(await Store.Cursors.ReadLaneHeadsAsync(queue.Endpoint, QueueKind.Live, 10, Cancel));
    }

    [Fact]
    public async Task A_parked_row_is_replaced_and_taken_away()
    {
        var queue = await QueueAsync(2);
        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with { Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now), new ParkedRow(2, ParkedKind.Behind, 0, 0, null)] });

        var again = new ParkedRow(1, ParkedKind.Retry, 0, 2, Given.Now.AddMinutes(5));
        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with { Parked = [again] });
        Assert.Equal(again, await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, 0, Cancel));

        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with { Unparked = [1] });
        Assert.Equal(new ParkedRow(2, ParkedKind.Behind, 0, 0, null), await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, 0, Cancel));
        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with { Unparked = [1, 2] });
        Assert.Null(await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, 0, Cancel));
    }

    [Fact]
    public async Task A_parked_row_goes_only_with_its_own_endpoint()
    {
        var one = await QueueAsync(1);
        var other = await QueueAsync(1);
        await Store.Cursors.RecordAsync(
            [
                Given.Outcome(one.Cursor, 1) with { Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now)] },
                Given.Outcome(other.Cursor, 1) with { Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Given.Now)] },
            ],
            Cancel);

        await Given.RecordedAsync(Store, Given.Outcome(one.Cursor, 1) with { Unparked = [1] });

        Assert.Null(await Store.Cursors.ReadLaneHeadAsync(one.Endpoint, QueueKind.Live, 0, Cancel));
        Assert.NotNull(await Store.Cursors.ReadLaneHeadAsync(other.Endpoint, QueueKind.Live, 0, Cancel));
    }

    [Fact]
    public async Task Lane_heads_are_the_first_of_each_lane_and_bounded()
    {
        var queue = await QueueAsync(6);
        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 6) with
        {
            Parked =
            [
                new ParkedRow(1, ParkedKind.Retry, 70, 1, Given.Now),
                new ParkedRow(2, ParkedKind.Retry, -9, 3, Given.Now.AddHours(1)),
                new ParkedRow(3, ParkedKind.Behind, 70, 0, null),
                new ParkedRow(4, ParkedKind.Behind, -9, 0, null),
                new ParkedRow(5, ParkedKind.Behind, long.MinValue, 0, Given.Now),
                new ParkedRow(6, ParkedKind.Behind, long.MaxValue, 0, Given.Now),
            ],
        });

        Assert.Equal([1L, 2, 5, 6], (await Store.Cursors.ReadLaneHeadsAsync(queue.Endpoint, QueueKind.Live, 10, Cancel)).Select(static p => p.Seq));
        Assert.Equal([1L, 2], (await Store.Cursors.ReadLaneHeadsAsync(queue.Endpoint, QueueKind.Live, 2, Cancel)).Select(static p => p.Seq));
        Assert.Equal(2, (await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, -9, Cancel))!.Seq);
        Assert.Null(await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, 71, Cancel));
    }

    [Fact]
    public async Task Parked_rows_of_a_kind_from_the_future_are_left_alone()
    {
        // A newer silo wrote it; this one neither sends it nor lets it block a lane.
        var queue = await QueueAsync(2);
        await Given.RecordedAsync(Store, Given.Outcome(queue.Cursor, 2) with { Parked = [new ParkedRow(1, (ParkedKind)99, 0, 0, null), new ParkedRow(2, ParkedKind.Retry, 0, 1, Given.Now)] });

        Assert.Equal([2L], (await Store.Cursors.ReadLaneHeadsAsync(queue.Endpoint, QueueKind.Live, 10, Cancel)).Select(static p => p.Seq));
        Assert.Equal(2, (await Store.Cursors.ReadLaneHeadAsync(queue.Endpoint, QueueKind.Live, 0, Cancel))!.Seq);
    }

    [Fact]
    public async Task Of_several_endpoints_in_one_commit_the_fenced_one_alone_is_refused()
    {
        var living = await QueueAsync(1);
        var zombie = await QueueAsync(1);
        await Given.TakenAsync(Store, zombie.Endpoint, "silo-2");

        Assert.Equal([false, true], await Store.Cursors.RecordAsync([Given.Outcome(zombie.Cursor, 1), Given.Outcome(living.Cursor, 1)], Cancel));
        Assert.Equal(1, (await Store.Cursors.ReadCursorAsync(living.Endpoint, Cancel))!.Position);
        Assert.Equal(0, (await Store.Cursors.ReadCursorAsync(zombie.Endpoint, Cancel))!.Position);
    }

    private sealed record Queue(Guid Application, Guid Endpoint, CursorRow Cursor, Guid[] Messages);

    private async Task<Queue> QueueAsync(int count)
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        await Given.AppendedAsync(Store, application, count, write.Endpoint!.Ordinal);
        var ids = await Store.Log.ReadIdsAsync(application, 1, count, Cancel);
        return new Queue(application, Given.Id(write), await Given.TakenAsync(Store, Given.Id(write)), [.. ids.Select(static i => i.Id)]);
    }
}
