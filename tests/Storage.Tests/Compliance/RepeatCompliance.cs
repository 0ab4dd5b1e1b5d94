namespace Webhooks.Storage.Tests.Compliance;

/// <summary>The log itself refuses what it already holds, in the statement that appends.</summary>
public abstract class RepeatCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checked_token_that_the_log_holds_refuses_the_append()
    {
        var application = await Given.ApplicationAsync(Store);
        var first = Given.Message();
        await Given.AppendedAsync(Store, application, first);

        var repeat = await Given.AppendAsync(Store, application, Given.Message(), Given.Message() with { Token = first.Token, CheckToken = true });

        Assert.Equal([false], await Store.Log.AppendAsync([repeat], Given.Now, Cancel));
        Assert.Equal(1, (await Store.Log.ReadHeadAsync(application, Cancel))!.Tail);
    }

    [Fact]
    public async Task A_token_older_than_the_window_is_free_again()
    {
        var application = await Given.ApplicationAsync(Store);
        var first = Given.Message();
        await Given.AppendedAsync(Store, application, first);

        var later = await Given.AppendAsync(Store, application, Given.Message() with { Token = first.Token, CheckToken = true });

        Assert.Equal([true], await Store.Log.AppendAsync([later], Given.Now.AddMilliseconds(1), Cancel));
    }

    [Fact]
    public async Task An_unchecked_token_is_not_looked_for()
    {
        var application = await Given.ApplicationAsync(Store);
        var first = Given.Message();
        await Given.AppendedAsync(Store, application, first);

        var next = await Given.AppendAsync(Store, application, Given.Message() with { Token = first.Token });

        Assert.Equal([true], await Store.Log.AppendAsync([next], DateTimeOffset.MinValue, Cancel));
    }

    [Fact]
    public async Task A_token_of_another_application_does_not_count()
    {
        var first = Given.Message();
        await Given.AppendedAsync(Store, await Given.ApplicationAsync(Store), first);
        var other = await Given.AppendAsync(Store, await Given.ApplicationAsync(Store), Given.Message() with { Token = first.Token, CheckToken = true });

        Assert.Equal([true], await Store.Log.AppendAsync([other], DateTimeOffset.MinValue, Cancel));
    }

    [Fact]
    public async Task An_event_id_that_the_log_holds_refuses_the_append_however_old_it_is()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message() with { EventId = "order-1" });

        var repeat = await Given.AppendAsync(Store, application, Given.Message() with { EventId = "order-1" });

        Assert.Equal([false], await Store.Log.AppendAsync([repeat], Given.Now.AddYears(1), Cancel));
    }

    [Fact]
    public async Task A_refused_repeat_of_one_application_lets_the_others_pass()
    {
        var repeating = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, repeating, Given.Message() with { EventId = "order-1" });
        var repeat = await Given.AppendAsync(Store, repeating, Given.Message() with { EventId = "order-1" });
        var fresh = await Given.AppendAsync(Store, await Given.ApplicationAsync(Store), Given.Message() with { EventId = "order-1" });

        Assert.Equal([false, true], await Store.Log.AppendAsync([repeat, fresh], DateTimeOffset.MinValue, Cancel));
    }

    [Fact]
    public async Task Repeats_are_found_by_token_within_the_window_and_by_event_id()
    {
        var application = await Given.ApplicationAsync(Store);
        var byToken = Given.Message("{\"n\":1}");
        var byEventId = Given.Message("{\"n\":2}") with { EventId = "order-2" };
        await Given.AppendedAsync(Store, application, byToken, Given.Message(), byEventId);

        var found = await Store.Log.FindRepeatsAsync(application, [byToken.Token], ["order-2"], Given.Now, Cancel);
        Assert.Equal([byToken.Id, byEventId.Id], found.OrderBy(static m => m.Seq).Select(static m => m.Id));

        var afterTheWindow = await Store.Log.FindRepeatsAsync(application, [byToken.Token], ["order-2"], Given.Now.AddSeconds(1), Cancel);
        Assert.Equal([byEventId.Id], afterTheWindow.Select(static m => m.Id));
    }

    [Fact]
    public async Task One_message_that_is_found_by_both_is_found_once()
    {
        var application = await Given.ApplicationAsync(Store);
        var message = Given.Message() with { EventId = "order-1" };
        await Given.AppendedAsync(Store, application, message);

        Assert.Single(await Store.Log.FindRepeatsAsync(application, [message.Token], ["order-1"], Given.Now, Cancel));
    }
}
