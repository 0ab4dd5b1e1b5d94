using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>Messages that wait for their time, and payloads whose time is over.</summary>
public abstract class ScheduleCompliance(StoreFixture fixture)
{
    private static readonly DateTimeOffset Due = Given.Now.AddHours(2);

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scheduled_message_is_found_by_id_and_event_id_and_due_in_its_order()
    {
        var application = await Given.ApplicationAsync(Store);
        var later = Scheduled() with { DeliverAt = Due.AddMinutes(1), EventId = "order-9", Tags = ["a"], Channels = ["vip"] };
        var sooner = Scheduled();
        Assert.True(await ScheduleAsync(application, later, sooner));

        Assert.Empty(await Store.Log.ReadDueAsync(application, Due.AddSeconds(-1), 10, Cancel));
        var due = await Store.Log.ReadDueAsync(application, Due.AddHours(1), 10, Cancel);
        Assert.Equal([sooner.Id, later.Id], due.Select(static m => m.Id));
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(due[0].Payload!));

        foreach (var name in (string[])["order-9", EntityId.Format(EntityId.Message, later.Id)])
        {
            var found = await Store.Reads.FindMessageAsync(application, name, true, Cancel);
            Assert.Equal((0, Due.AddMinutes(1), Given.Now), (found!.Seq, found.DeliverAt, found.PublishedAt));
            Assert.Equal(["a"], found.Tags!);
            Assert.Equal(["vip"], found.Channels!);
        }

        Assert.Equal(Due, (await Store.Log.ReadRoutingAsync(application, Cancel))!.ScheduledAt);
        Assert.Equal([later.Id], await Store.Log.FindScheduledAsync(application, [later.Id, Guid.NewGuid()], Cancel));
    }

    [Fact]
    public async Task An_append_that_does_not_know_of_a_scheduled_message_is_refused()
    {
        var application = await Given.ApplicationAsync(Store);
        var before = await Given.AppendAsync(Store, application, Given.Message());
        Assert.True(await ScheduleAsync(application, Scheduled()));

        Assert.Equal([false], await Store.Log.AppendAsync([before], Given.Now, Cancel));
    }

    [Fact]
    public async Task A_stale_head_refuses_to_schedule()
    {
        var application = await Given.ApplicationAsync(Store);
        var stale = await Given.AppendAsync(Store, application, Scheduled());
        await Given.AppendedAsync(Store, application, Given.Message());

        Assert.False(await Store.Log.ScheduleAsync(stale, Given.Now, Cancel));
        Assert.Null((await Store.Log.ReadRoutingAsync(application, Cancel))!.ScheduledAt);
    }

    [Fact]
    public async Task Tokens_and_event_ids_count_from_the_moment_they_are_scheduled()
    {
        var application = await Given.ApplicationAsync(Store);
        var first = Scheduled() with { EventId = "order-1" };
        Assert.True(await ScheduleAsync(application, first));

        Assert.False(await ScheduleAsync(application, Scheduled() with { Token = first.Token, CheckToken = true }));
        Assert.False(await ScheduleAsync(application, Scheduled() with { EventId = "order-1" }));
        Assert.False(await AppendAsync(application, Given.Message() with { Token = first.Token, CheckToken = true }));
        Assert.False(await AppendAsync(application, Given.Message() with { EventId = "order-1" }));
        var found = Assert.Single(await Store.Log.FindRepeatsAsync(application, [first.Token], ["order-1"], Given.Now, Cancel));
        Assert.Equal((first.Id, 0), (found.Id, found.Seq));

        await Given.AppendedAsync(Store, application, Given.Message() with { EventId = "order-2" });
        Assert.False(await ScheduleAsync(application, Scheduled() with { EventId = "order-2" }));
    }

    [Fact]
    public async Task A_due_message_enters_the_log_and_leaves_the_schedule_in_one_commit_and_once()
    {
        var application = await Given.ApplicationAsync(Store);
        var message = Scheduled() with { EventId = "order-1", CheckToken = true };
        Assert.True(await ScheduleAsync(application, message));
        var moved = Given.Message() with
        {
            Id = message.Id, Token = message.Token, EventId = "order-1", FromSchedule = true, PublishedAt = Given.Now, DeliverAt = Due, AcceptedAt = Due,
        };

        Assert.True(await AppendAsync(application, moved));
        Assert.Empty(await Store.Log.ReadDueAsync(application, Due.AddYears(1), 10, Cancel));
        var found = await Store.Reads.FindMessageAsync(application, "order-1", false, Cancel);
        Assert.Equal((1, Due, Given.Now, Due), (found!.Seq, found.AcceptedAt, found.PublishedAt, found.DeliverAt));

        // An activation that read the schedule before: nothing is there to be moved any more.
        Assert.False(await AppendAsync(application, moved with { EventId = null }));
        Assert.Equal(1, (await Store.Log.ReadHeadAsync(application, Cancel))!.Tail);
    }

    [Fact]
    public async Task A_payload_is_expunged_in_the_log_and_in_the_schedule()
    {
        var application = await Given.ApplicationAsync(Store);
        var waiting = Scheduled();
        Assert.True(await ScheduleAsync(application, waiting));
        var logged = Given.Message() with { EventId = "order-1" };
        Assert.True(await AppendAsync(application, logged));

        Assert.True(await Store.Log.ExpungePayloadAsync(application, "order-1", Cancel));
        Assert.True(await Store.Log.ExpungePayloadAsync(application, EntityId.Format(EntityId.Message, waiting.Id), Cancel));
        Assert.False(await Store.Log.ExpungePayloadAsync(application, "order-2", Cancel));

        Assert.True((await Store.Reads.FindMessageAsync(application, "order-1", true, Cancel))!.PayloadGone);
        Assert.Null(Assert.Single(await Store.Log.ReadDueAsync(application, Due, 10, Cancel)).Payload);
    }

    [Fact]
    public async Task Payloads_are_removed_when_their_time_is_over()
    {
        var application = await Given.ApplicationAsync(Store);
        var old = Given.Now.AddYears(-9);
        var (over, later) = (Given.Message() with { ExpiresAt = old }, Given.Message() with { ExpiresAt = old.AddDays(2) });
        await Given.AppendedAsync(Store, application, over, later);

        Assert.Equal(1, await Store.Log.RemoveExpiredAsync(old.AddDays(1), 10, Cancel));
        Assert.Equal(0, await Store.Log.RemoveExpiredAsync(old.AddDays(1), 10, Cancel));

        Assert.Null((await Store.Log.ReadMessageAsync(application, 1, Cancel))!.Payload);
        Assert.NotNull((await Store.Log.ReadMessageAsync(application, 2, Cancel))!.Payload);
        Assert.Equal(1, await Store.Log.RemoveExpiredAsync(old.AddDays(3), 10, Cancel));
    }

    private static NewMessage Scheduled() => Given.Message() with { DeliverAt = Due };

    private async Task<bool> ScheduleAsync(Guid application, params NewMessage[] messages) =>
        await Store.Log.ScheduleAsync(await Given.AppendAsync(Store, application, messages), Given.Now, Cancel);

    private async Task<bool> AppendAsync(Guid application, params NewMessage[] messages) =>
        (await Store.Log.AppendAsync([await Given.AppendAsync(Store, application, messages) with { ChecksSchedule = true }], Given.Now, Cancel))[0];
}
