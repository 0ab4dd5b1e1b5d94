using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>The log is dense: an append happens whole, behind the head it was numbered for, or not at all.</summary>
public abstract class AppendCompliance(StoreFixture fixture)
{
    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_get_the_next_numbers_in_their_order()
    {
        var application = await Given.ApplicationAsync(Store);
        var first = new[] { Given.Message(), Given.Message() };
        var second = new[] { Given.Message() };

        await Given.AppendedAsync(Store, application, first);
        await Given.AppendedAsync(Store, application, second);

        var ids = await Store.Log.ReadIdsAsync(application, 1, long.MaxValue, Cancel);
        Assert.Equal([(1, first[0].Id), (2, first[1].Id), (3, second[0].Id)], ids);
        Assert.Equal(3, (await Store.Log.ReadHeadAsync(application, Cancel))!.Tail);
    }

    [Fact]
    public async Task The_appender_becomes_the_heads_owner()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message());
        Assert.Equal("silo-1", (await Store.Log.ReadHeadAsync(application, Cancel))!.Owner);
    }

    [Fact]
    public async Task A_tail_that_has_moved_on_refuses_the_append()
    {
        // Two sequencers of one application: the one that numbered for the older tail is the zombie.
        var application = await Given.ApplicationAsync(Store);
        var zombies = await Given.AppendAsync(Store, application, Given.Message());
        var living = await Given.AppendedAsync(Store, application, Given.Message());

        Assert.False(await AppendAsync(zombies));
        Assert.Equal(living, (await Store.Log.ReadHeadAsync(application, Cancel))!.Tail);
        Assert.Single(await Store.Log.ReadIdsAsync(application, 1, 100, Cancel));
    }

    [Fact]
    public async Task A_routing_version_that_has_moved_on_refuses_the_append()
    {
        // An endpoint made between matching and commit must not miss the message.
        var application = await Given.ApplicationAsync(Store);
        var matchedBefore = await Given.AppendAsync(Store, application, Given.Message());
        await Given.EndpointAsync(Store, application);

        Assert.False(await AppendAsync(matchedBefore));
        Assert.Empty(await Store.Log.ReadIdsAsync(application, 1, 100, Cancel));
    }

    [Fact]
    public async Task A_deleted_application_refuses_the_append()
    {
        var application = await Given.ApplicationAsync(Store);
        await Store.Configuration.DeleteApplicationAsync(application, Given.Now, Cancel);

        Assert.False(await AppendAsync(await Given.AppendAsync(Store, application, Given.Message())));
    }

    [Fact]
    public async Task An_application_that_never_was_refuses_the_append()
    {
        Assert.False(await AppendAsync(new AppendRequest(Given.NewId(), 0, 1, "silo-1", [Given.Message()])));
    }

    [Fact]
    public async Task A_refused_application_takes_no_other_with_it()
    {
        var refused = await Given.ApplicationAsync(Store);
        var taken = await Given.ApplicationAsync(Store);
        var stale = await Given.AppendAsync(Store, refused, Given.Message());
        await Given.AppendedAsync(Store, refused, Given.Message());
        var good = await Given.AppendAsync(Store, taken, Given.Message(), Given.Message());

        Assert.Equal([false, true], await Store.Log.AppendAsync([stale, good], DateTimeOffset.MinValue, Cancel));
        Assert.Equal([true], await Store.Log.AppendAsync([await Given.AppendAsync(Store, refused, Given.Message())], DateTimeOffset.MinValue, Cancel));
        Assert.Equal(2, (await Store.Log.ReadHeadAsync(refused, Cancel))!.Tail);
        Assert.Equal(2, (await Store.Log.ReadHeadAsync(taken, Cancel))!.Tail);
    }

    [Fact]
    public async Task Of_racing_appends_at_one_tail_exactly_one_lands()
    {
        var application = await Given.ApplicationAsync(Store);
        var racers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Given.AppendAsync(Store, application, Given.Message(), Given.Message())));

        var landed = await Task.WhenAll(racers.Select(AppendAsync));

        Assert.Single(landed, true);
        var winner = racers[Array.IndexOf(landed, true)];
        Assert.Equal([(1, winner.Messages[0].Id), (2, winner.Messages[1].Id)], await Store.Log.ReadIdsAsync(application, 1, 100, Cancel));
    }

    [Fact]
    public async Task A_message_comes_back_as_it_was_appended()
    {
        var application = await Given.ApplicationAsync(Store);
        var message = Given.Message("{ \"text\" : \"\\u0000 \U0001F98A\" }") with
        {
            OrderingKey = "customer \U0001F98A",
            ContentType = "text/plain",
            Channels = ["europe", "vip"],
            EventId = "evt-1",
        };
        await Given.AppendedAsync(Store, application, message);

        var read = await Store.Log.ReadMessageAsync(application, 1, Cancel);
        Assert.NotNull(read);
        Assert.Equal((1, message.Id, "lead.captured", Given.Now, message.OrderingKey, "text/plain"), (read.Seq, read.Id, read.EventType, read.AcceptedAt, read.OrderingKey, read.ContentType));
        Assert.Equal(message.Payload, read.Payload);
        Assert.Null(await Store.Log.ReadMessageAsync(application, 2, Cancel));
    }

    private async Task<bool> AppendAsync(AppendRequest request) =>
        Assert.Single(await Store.Log.AppendAsync([request], DateTimeOffset.MinValue, CancellationToken.None));
}
