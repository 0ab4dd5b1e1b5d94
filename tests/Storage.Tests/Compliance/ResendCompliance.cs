using Webhooks.Grains.Interfaces;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What somebody asked to be sent again, and answers that are expunged.</summary>
public abstract class ResendCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_for_waits_until_it_is_answered_and_asking_twice_is_asking_once()
    {
        var application = await Given.ApplicationAsync(Store);
        var cursor = await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application)));
        var asked = Given.Outcome(cursor) with { Asked = [7, 3], At = Given.Now };
        Assert.True(await Given.RecordedAsync(Store, asked));
        Assert.True(await Given.RecordedAsync(Store, asked));
        Assert.Equal([3, 7], await Store.Cursors.ReadResendsAsync(cursor.Endpoint, 10, Cancel));
        Assert.Equal([3], await Store.Cursors.ReadResendsAsync(cursor.Endpoint, 1, Cancel));

        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor) with { Answered = [3] }));
        Assert.Equal([7], await Store.Cursors.ReadResendsAsync(cursor.Endpoint, 10, Cancel));
    }

    [Fact]
    public async Task A_superseded_owner_asks_and_answers_nothing()
    {
        var application = await Given.ApplicationAsync(Store);
        var old = await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application)));
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(old) with { Asked = [1] }));
        await Given.TakenAsync(Store, old.Endpoint, "silo-2");

        Assert.False(await Given.RecordedAsync(Store, Given.Outcome(old) with { Asked = [2], Answered = [1] }));
        Assert.Equal([1], await Store.Cursors.ReadResendsAsync(old.Endpoint, 10, Cancel));
    }

    [Fact]
    public async Task What_a_dead_owner_left_to_be_sent_again_is_work_without_an_owner()
    {
        var application = await Given.ApplicationAsync(Store);
        var cursor = await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application)), "silo-dead-" + Guid.NewGuid());
        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor) with { Asked = [1] }));

        var work = await Store.Cluster.FindOrphansAsync(["silo-1"], Given.Now, 10_000, Cancel);

        Assert.Contains(cursor.Endpoint, work.Endpoints);
    }

    [Fact]
    public async Task An_answer_is_expunged_and_the_attempt_stays()
    {
        var application = await Given.ApplicationAsync(Store);
        var cursor = await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application)));
        var message = Given.Message("{}", cursor.Ordinal) with { EventId = "order-1" };
        await Given.AppendedAsync(Store, application, message);
        var attempt = Given.Attempt(1, message.Id);
        await Given.RecordedAsync(Store, Given.Outcome(cursor, 1) with { Attempts = [attempt] });

        foreach (var name in (string[])["order-1", EntityId.Format(EntityId.Message, message.Id)])
        {
            Assert.True(await Store.Cursors.ExpungeAttemptAsync(application, name, attempt.Id, "EXPUNGED"u8.ToArray(), Cancel));
        }

        Assert.False(await Store.Cursors.ExpungeAttemptAsync(application, "order-1", Guid.NewGuid(), [], Cancel));
        Assert.False(await Store.Cursors.ExpungeAttemptAsync(Guid.NewGuid(), "order-1", attempt.Id, [], Cancel));
        Assert.Equal("EXPUNGED", (await Store.Reads.FindAttemptAsync(application, "order-1", attempt.Id, Cancel))!.Response);
    }
}
