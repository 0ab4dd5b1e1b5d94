using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What no store can hold is refused alone; whoever shares its commit is written.</summary>
public abstract class ContentCompliance(StoreFixture fixture)
{
    private const string Nul = "a\0b";
    private const string HalfAPair = "a\uD83E";

    /// <summary>By name: half a surrogate pair does not survive the way through a test's arguments.</summary>
    public static TheoryData<string> Poisons { get; } = ["nul", "half a pair"];

    private readonly IMeterFactory _meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private StoreSet Store => fixture.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task A_message_that_cannot_be_held_is_refused_and_nothing_of_it_is_written(string name)
    {
        var poison = Poison(name);
        foreach (var spoil in (Func<NewMessage, NewMessage>[])[m => m with { EventType = poison }, m => m with { EventId = poison }, m => m with { OrderingKey = poison }, m => m with { ContentType = poison }])
        {
            var application = await Given.ApplicationAsync(Store);
            var request = await Given.AppendAsync(Store, application, Given.Message(), spoil(Given.Message()));

            await Assert.ThrowsAsync<StoreContentException>(() => Store.Log.AppendAsync([request], DateTimeOffset.MinValue, Cancel));
            Assert.Equal(0, (await Store.Log.ReadHeadAsync(application, Cancel))!.Tail);
            Assert.Empty(await Store.Log.ReadIdsAsync(application, 1, 10, Cancel));
        }
    }

    [Fact]
    public async Task A_poisonous_publish_fails_alone_in_its_group()
    {
        var writer = new AppendWriter(Store.Log, new StoreClock(TimeProvider.System), new StoreState(), new CommitMetrics(_meters), Options.Create(new DeliveryOptions()));
        var requests = new List<AppendRequest>();
        for (var i = 0; i < 40; i++)
        {
            var message = i % 13 == 5 ? Given.Message() with { OrderingKey = Nul } : Given.Message();
            requests.Add(await Given.AppendAsync(Store, await Given.ApplicationAsync(Store), message));
        }

        // All at once: but for the first, they meet in one commit.
        var appends = requests.Select(writer.AppendAsync).ToArray();

        for (var i = 0; i < appends.Length; i++)
        {
            if (i % 13 == 5)
            {
                await Assert.ThrowsAsync<StoreContentException>(() => appends[i]);
            }
            else
            {
                Assert.True(await appends[i]);
                Assert.Equal(1, (await Store.Log.ReadHeadAsync(requests[i].Application, Cancel))!.Tail);
            }
        }
    }

    [Fact]
    public async Task A_poisonous_outcome_fails_alone_in_its_group()
    {
        var writer = new OutcomeWriter(Store.Cursors, new StoreState(), new CommitMetrics(_meters));
        var outcomes = new List<OutcomeBatch>();
        for (var i = 0; i < 12; i++)
        {
            var application = await Given.ApplicationAsync(Store);
            var write = await Given.EndpointAsync(Store, application);
            await Given.AppendedAsync(Store, application, 1, write.Endpoint!.Ordinal);
            var cursor = await Given.TakenAsync(Store, Given.Id(write));
            var attempt = Given.Attempt(1, (await Store.Log.ReadIdsAsync(application, 1, 1, Cancel))[0].Id);
            outcomes.Add(Given.Outcome(cursor, 1) with { Attempts = [i == 7 ? attempt with { Url = "https://a.example/" + Nul } : attempt] });
        }

        var records = outcomes.Select(writer.RecordAsync).ToArray();

        for (var i = 0; i < records.Length; i++)
        {
            if (i == 7)
            {
                await Assert.ThrowsAsync<StoreContentException>(() => records[i]);
                Assert.Equal(0, (await Store.Cursors.ReadCursorAsync(outcomes[i].Endpoint, Cancel))!.Position);
            }
            else
            {
                Assert.True(await records[i]);
            }
        }
    }

    [Fact]
    public async Task An_answer_of_any_bytes_can_be_held()
    {
        var application = await Given.ApplicationAsync(Store);
        var write = await Given.EndpointAsync(Store, application);
        await Given.AppendedAsync(Store, application, 1, write.Endpoint!.Ordinal);
        var cursor = await Given.TakenAsync(Store, Given.Id(write));
        var bytes = Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray();
        var id = (await Store.Log.ReadIdsAsync(application, 1, 1, Cancel))[0].Id;

        Assert.True(await Given.RecordedAsync(Store, Given.Outcome(cursor, 1) with { Attempts = [Given.Attempt(1, id) with { Response = bytes }] }));
    }

    [Fact]
    public async Task A_channel_with_a_nul_can_be_held()
    {
        var application = await Given.ApplicationAsync(Store);
        await Given.AppendedAsync(Store, application, Given.Message() with { Channels = [Nul] });
        var ids = await Store.Log.ReadIdsAsync(application, 1, 1, Cancel);
        var read = await Store.Reads.FindMessageAsync(application, Webhooks.Grains.Interfaces.EntityId.Format(Webhooks.Grains.Interfaces.EntityId.Message, ids[0].Id), false, Cancel);
        Assert.Equal([Nul], read!.Channels);
    }

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task Configuration_that_cannot_be_held_is_refused(string name)
    {
        var poison = Poison(name);
        var row = Given.ApplicationRow();
        await Assert.ThrowsAsync<StoreContentException>(() => Store.Configuration.CreateApplicationAsync(row with { Details = row.Details with { Name = poison } }, Cancel));
        await Assert.ThrowsAsync<StoreContentException>(() => Store.Configuration.CreateApplicationAsync(row with { Details = row.Details with { Uid = poison } }, Cancel));
        var application = await Given.ApplicationAsync(Store);
        await Assert.ThrowsAsync<StoreContentException>(() => Store.Configuration.CreateEndpointAsync(application, Given.Endpoint(application, poison), Cancel));
        Assert.Equal(1, (await Store.Log.ReadHeadAsync(application, Cancel))!.RoutingVersion);
    }

    private static string Poison(string name) => name == "nul" ? Nul : HalfAPair;
}
