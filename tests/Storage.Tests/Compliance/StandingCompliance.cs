using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>How many messages are tried before another one at an endpoint.</summary>
public abstract class StandingCompliance(StoreFixture fixture)
{
    private const int Plenty = 100;

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ahead_are_the_endpoints_own_messages_behind_the_cursor_and_none_after_the_asked_one()
    {
        var (application, cursor) = await OwnedAsync();
        await Given.AppendedAsync(Store, application, 2, cursor.Ordinal);
        await Given.AppendedAsync(Store, application, 3, cursor.Ordinal + 1);
        await Given.AppendedAsync(Store, application, 2, cursor.Ordinal, cursor.Ordinal + 1);

        Assert.Equal(new AheadCount(3, true), await AheadAsync(application, cursor, position: 0, seq: 7));
        Assert.Equal(new AheadCount(2, true), await AheadAsync(application, cursor, position: 1, seq: 7));
        Assert.Equal(new AheadCount(0, true), await AheadAsync(application, cursor, position: 6, seq: 7));
    }

    [Fact]
    public async Task What_was_delivered_before_the_cursor_came_there_is_not_ahead()
    {
        var (application, cursor) = await OwnedAsync();
        var messages = Enumerable.Range(0, 4).Select(_ => Given.Message("{}", cursor.Ordinal)).ToArray();
        await Given.AppendedAsync(Store, application, messages);
        await Given.RecordedAsync(Store, Given.Outcome(cursor) with
        {
            Attempts =
            [
                Given.Attempt(2, messages[1].Id), Given.Attempt(2, messages[1].Id),
                Given.Attempt(3, messages[2].Id, Grains.Interfaces.Deliveries.AttemptStatus.Fail, 503),
            ],
        });

        Assert.Equal(new AheadCount(2, true), await AheadAsync(application, cursor, position: 0, seq: 4));
    }

    [Fact]
    public async Task Parked_ones_count_in_their_lane_alone()
    {
        var (application, cursor) = await OwnedAsync();
        await Given.AppendedAsync(Store, application, 6, cursor.Ordinal);
        await Given.RecordedAsync(Store, Given.Outcome(cursor, position: 5) with
        {
            Parked =
            [
                new ParkedRow(1, ParkedKind.Retry, 10, 1, Given.Now), new ParkedRow(2, ParkedKind.Retry, 20, 1, Given.Now),
                new ParkedRow(3, ParkedKind.Behind, 10, 0, null), new ParkedRow(4, ParkedKind.Behind, 10, 0, null),
                // Of a kind that does not hold back the queue.
                new ParkedRow(5, (ParkedKind)3, 10, 1, Given.Now),
            ],
        });

        Assert.Equal(new AheadCount(1, true), await AheadAsync(application, cursor, position: 5, seq: 3, lane: 10));
        Assert.Equal(new AheadCount(3, true), await AheadAsync(application, cursor, position: 5, seq: 6, lane: 10));
        Assert.Equal(new AheadCount(1, true), await AheadAsync(application, cursor, position: 5, seq: 6, lane: 20));
    }

    [Fact]
    public async Task Beyond_the_limit_the_count_is_a_lower_bound_and_says_so()
    {
        var (application, cursor) = await OwnedAsync();
        await Given.AppendedAsync(Store, application, 8, cursor.Ordinal);

        Assert.Equal(new AheadCount(7, true), await AheadAsync(application, cursor, position: 0, seq: 8, limit: 7));
        Assert.Equal(new AheadCount(6, false), await AheadAsync(application, cursor, position: 0, seq: 8, limit: 6));
    }

    private async Task<(Guid Application, CursorRow Cursor)> OwnedAsync()
    {
        var application = await Given.ApplicationAsync(Store);
        return (application, await Given.TakenAsync(Store, Given.Id(await Given.EndpointAsync(Store, application))));
    }

    private Task<AheadCount> AheadAsync(Guid application, CursorRow cursor, long position, long seq, long lane = 0, int limit = Plenty) =>
        Store.Reads.CountAheadAsync(application, cursor.Endpoint, cursor.Ordinal, position, lane, seq, limit, Cancel);
}
