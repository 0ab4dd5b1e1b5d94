using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Who may write for an endpoint: one owner at a time, fenced by the epoch.</summary>
public abstract class CursorCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_endpoint_starts_where_the_log_ends()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, 3);
        var write = await Given.EndpointAsync(Store, application);

        var cursor = await Store.Cursors.ReadCursorAsync(Given.Id(write), Cancel);
        Assert.Equal((3L, 0L, null, write.Endpoint!.Ordinal), (cursor!.Position, cursor.Epoch, cursor.Owner, cursor.Ordinal));
        Assert.Equal(EndpointHealth.Fresh, cursor.Health);
    }

    [Fact]
    public async Task Taking_raises_the_epoch_names_the_owner_and_clears_the_wake_up()
    {
        var endpoint = await EndpointAsync();
        var first = await Given.TakenAsync(Store, endpoint);
        Assert.True(await Store.Cursors.ReleaseAsync(endpoint, first.Epoch, Given.Now, Cancel));

        var second = await Store.Cursors.TakeCursorAsync(endpoint, first.Epoch, "silo-2", Given.Now.AddSeconds(5), Cancel);

        Assert.NotNull(second);
        Assert.Equal((first.Epoch + 1, "silo-2", Given.Now.AddSeconds(5), null), (second.Epoch, second.Owner, second.TakenAt, second.WakeAt));
    }

    [Fact]
    public async Task Of_many_that_saw_one_epoch_exactly_one_takes_it()
    {
        var endpoint = await EndpointAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Store.Cursors.TakeCursorAsync(endpoint, 0, "silo-" + i, Given.Now, Cancel)));
        Assert.Single(taken, static row => row is not null);
        Assert.Equal(1, (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!.Epoch);
    }

    [Fact]
    public async Task An_outcome_under_an_old_epoch_changes_nothing()
    {
        var (application, endpoint) = await WithMessagesAsync(2);
        var zombie = await Given.TakenAsync(Store, endpoint);
        var living = await Given.TakenAsync(Store, endpoint, "silo-2");
        var ids = await Store.Log.ReadIdsAsync(application, 1, 2, Cancel);

        var refused = await Given.RecordedAsync(Store, Given.Outcome(zombie, 2) with
        {
            Attempts = [Given.Attempt(1, ids[0].Id)],
            Parked = [new ParkedRow(2, ParkedKind.Retry, 0, 1, Given.Now)],
            DeadLetters = [new DeadLetterRow(1, 1, "exhausted", Given.Now)],
            Health = new EndpointHealth { ConsecutiveFailures = 3 },
        });

        Assert.False(refused);
        var cursor = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        Assert.Equal((living.Epoch, 0L, EndpointHealth.Fresh), (cursor.Epoch, cursor.Position, cursor.Health));
        Assert.Empty(await Store.Cursors.ReadLaneHeadsAsync(endpoint, QueueKind.Live, 10, Cancel));
        Assert.Empty((await Store.Reads.ListAttemptsByEndpointAsync(application, endpoint, new(), new(10), Cancel)).Items);
    }

    [Fact]
    public async Task A_zombie_cannot_release_what_another_holds()
    {
        var endpoint = await EndpointAsync();
        var zombie = await Given.TakenAsync(Store, endpoint);
        await Given.TakenAsync(Store, endpoint, "silo-2");

        Assert.False(await Store.Cursors.ReleaseAsync(endpoint, zombie.Epoch, null, Cancel));
        Assert.Equal("silo-2", (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!.Owner);
    }

    [Fact]
    public async Task A_release_leaves_epoch_position_and_health_for_the_successor()
    {
        var (application, endpoint) = await WithMessagesAsync(1);
        _ = application;
        var cursor = await Given.TakenAsync(Store, endpoint);
        var health = new EndpointHealth { FailingSince = Given.Now, ConsecutiveFailures = 4, NextAttemptAt = Given.Now.AddMinutes(5), DisabledReason = "gone" };
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 1) with { Health = health }));
        Assert.True(await Store.Cursors.ReleaseAsync(endpoint, cursor.Epoch, Given.Now.AddMinutes(5), Cancel));

        var released = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        Assert.Equal((null, Given.Now.AddMinutes(5), cursor.Epoch, 1L, health), (released.Owner, released.WakeAt, released.Epoch, released.Position, released.Health));
    }

    [Fact]
    public async Task Neither_a_deleted_endpoint_nor_one_that_never_was_can_be_taken()
    {
        var (application, endpoint) = await WithMessagesAsync(0);
        var cursor = await Given.TakenAsync(Store, endpoint);
        await Store.Configuration.DeleteEndpointAsync(application, endpoint, Given.Now, Cancel);

        var gone = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        Assert.Equal((true, cursor.Epoch + 1), (gone.Deleted, gone.Epoch));
        Assert.Null(await Store.Cursors.TakeCursorAsync(endpoint, gone.Epoch, "silo-2", Given.Now, Cancel));
        Assert.False(await Given.RecordedAsync(Store, Given.Outcome(cursor)));
        Assert.Null(await Store.Cursors.ReadCursorAsync(Given.NewId(), Cancel));
        Assert.Null(await Store.Cursors.TakeCursorAsync(Given.NewId(), 0, "silo-2", Given.Now, Cancel));
    }

    [Fact]
    public async Task An_idle_cursor_is_lifted_over_what_holds_nothing_for_it()
    {
        var (_, endpoint) = await WithMessagesAsync(5);
        var cursor = await Given.TakenAsync(Store, endpoint);
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 3)));

        // Its last message is at 3: a lift that counts on it being done is right, one that counts on 4 is not.
        await Store.Cursors.LiftAsync([new CursorLift(endpoint, 4, 5)], Cancel);
        Assert.Equal(3, (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!.Position);
        await Store.Cursors.LiftAsync([new CursorLift(endpoint, 3, 5)], Cancel);
        var lifted = (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!;
        Assert.Equal((5L, cursor.Epoch), (lifted.Position, lifted.Epoch));
        await Store.Cursors.LiftAsync([new CursorLift(endpoint, 0, 4)], Cancel);
        Assert.Equal(5, (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!.Position);
    }

    [Fact]
    public async Task An_outcome_after_a_lift_never_pulls_the_cursor_back()
    {
        var (_, endpoint) = await WithMessagesAsync(5);
        var cursor = await Given.TakenAsync(Store, endpoint);
        await Store.Cursors.LiftAsync([new CursorLift(endpoint, 0, 5)], Cancel);

        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 2)));
        Assert.Equal(5, (await Store.Cursors.ReadCursorAsync(endpoint, Cancel))!.Position);
    }

    [Fact]
    public async Task Cursors_beyond_a_log_that_lost_its_end_are_clamped_and_fenced()
    {
        var application = await Given.ApplicationAsync(Store);
        var ahead = Given.Id(await Given.EndpointAsync(Store, application));
        var behind = Given.Id(await Given.EndpointAsync(Store, application));
        await Given.AppendedAsync(Store, application, 5);
        var owned = await Given.TakenAsync(Store, ahead);
        await Given.RecordedAsync(Store, Given.Outcome(owned, 5));

        Assert.Equal(1, await Store.Log.ClampCursorsAsync(application, 3, Cancel));
        var clamped = (await Store.Cursors.ReadCursorAsync(ahead, Cancel))!;
        Assert.Equal((3L, owned.Epoch + 1), (clamped.Position, clamped.Epoch));
        Assert.Equal(0, (await Store.Cursors.ReadCursorAsync(behind, Cancel))!.Epoch);
    }

    private async Task<Guid> EndpointAsync() => (await WithMessagesAsync(0)).Endpoint;

    private async Task<(Guid Application, Guid Endpoint)> WithMessagesAsync(int count)
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        if (count > 0)
        {
            await Given.AppendedAsync(Store, application, count, write.Endpoint!.Ordinal);
        }

        return (application, Given.Id(write));
    }
}
