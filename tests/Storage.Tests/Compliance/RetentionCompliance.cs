using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Retention;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Storage.Tests.Compliance;

/// <summary>What has had its time goes, what still waits becomes a dead letter first. Each test has a store of its own.</summary>
public abstract class RetentionCompliance
{
    private static readonly DateTimeOffset Now = Given.Now;

    private readonly FakeTimeProvider _time = new(Now);
    private readonly RetentionOptions _retention = new();
    private readonly DeliveryOptions _delivery = new();
    private readonly List<(Guid Endpoint, long UpTo, string Reason)> _told = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payloads_go_after_their_days_and_not_before()
    {
        await using var store = await OpenAsync();
        var application = await Given.ApplicationAsync(store);
        await Given.AppendedAsync(store, application, Old(91), Old(90), Old(0));
        var run = Run(store);

        await run.RunAsync(Told(store));

        Assert.Equal([1], await GoneAsync(store, application, 3));
        // Days go whole: that of the second one ends at the next midnight.
        _time.Advance(TimeSpan.FromDays(1));
        await run.RunAsync(Told(store));
        Assert.Equal([1, 2], await GoneAsync(store, application, 3));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Nothing_goes_that_is_kept_for_ever()
    {
        (_retention.PayloadDays, _retention.AttemptDays, _retention.DeadLetterDays, _delivery.QueueDays) = (0, 0, 0, 0);
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(3000));
        await Given.RecordedAsync(store, Given.Outcome(queue.Cursor, 1) with { Attempts = [TriedAt(1, 3000)], DeadLetters = [new DeadLetterRow(1, 1, "exhausted", Now.AddDays(-3000))] });

        await Run(store).RunAsync(Told(store));

        Assert.Empty(await GoneAsync(store, queue.Application, 1));
        Assert.Single((await store.Reads.ListAttemptsByEndpointAsync(queue.Application, queue.Endpoint, new(), new(10), Cancel)).Items);
        Assert.Equal(1, await store.Reads.CountDeadLettersAsync(queue.Application, queue.Endpoint, Cancel));
    }

    [Fact]
    public async Task What_waits_is_given_up_before_its_payload_goes()
    {
        _delivery.QueueDays = 0;
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(100), Old(99), Old(1));
        var run = Run(store);

        // Nobody could be told: everything stays.
        await run.RunAsync(static (_, _, _) => Task.FromResult(false));
        Assert.Empty(await GoneAsync(store, queue.Application, 3));

        await run.RunAsync(Told(store));
        Assert.Equal([(queue.Endpoint, 2L, "expired")], _told);
        Assert.Empty(await GoneAsync(store, queue.Application, 3));
        await run.RunAsync(Told(store));
        Assert.Single(_told);
        Assert.Equal([1, 2], await GoneAsync(store, queue.Application, 3));
        Assert.Equal(2, await store.Reads.CountDeadLettersAsync(queue.Application, queue.Endpoint, Cancel));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("taken by nobody")]
    [InlineData("parked to be tried again")]
    [InlineData("parked behind another")]
    public async Task Every_kind_of_waiting_holds_its_payload(string how)
    {
        _delivery.QueueDays = 0;
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(100), Old(1));
        switch (how)
        {
            case "disabled":
                await store.Configuration.UpdateEndpointAsync(queue.Application, (await store.Configuration.FindEndpointAsync(queue.Endpoint, Cancel))! with { Disabled = true }, fence: true, Cancel);
                break;
            case "taken by nobody":
                await store.Cursors.ReleaseAsync(queue.Endpoint, queue.Cursor.Epoch, null, Cancel);
                break;
            default:
                var row = how.EndsWith("again", StringComparison.Ordinal) ? new ParkedRow(1, ParkedKind.Retry, 0, 1, Now.AddHours(1)) : new ParkedRow(1, ParkedKind.Behind, 0, 0, null);
                await Given.RecordedAsync(store, Given.Outcome(queue.Cursor, 2) with { Parked = [row] });
                break;
        }

        var told = new List<(Guid, long, string)>();
        await Run(store).RunAsync((endpoint, upTo, reason) =>
        {
            told.Add((endpoint, upTo, reason));
            return Task.FromResult(true);
        });

        Assert.Equal([(queue.Endpoint, 1L, "expired")], told);
        Assert.Empty(await GoneAsync(store, queue.Application, 2));
    }

    [Fact]
    public async Task A_deleted_endpoint_holds_nothing()
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(100));
        await store.Configuration.DeleteEndpointAsync(queue.Application, queue.Endpoint, Now, Cancel);

        await Run(store).RunAsync(Told(store));

        Assert.Empty(_told);
        // Nothing refers to the message: it went with its payload.
        Assert.Empty(await store.Log.ReadIdsAsync(queue.Application, 1, 1, Cancel));
    }

    [Fact]
    public async Task An_idle_cursor_is_lifted_over_what_holds_nothing_for_it()
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 7, Old(100), Old(99), Old(1));

        await Run(store).RunAsync(Told(store));

        Assert.Empty(_told);
        Assert.Equal(2, (await store.Cursors.ReadCursorAsync(queue.Endpoint, Cancel))!.Position);
        // The log begins later now; its tail stays.
        Assert.Equal([3L], (await store.Log.ReadIdsAsync(queue.Application, 1, 10, Cancel)).Select(static i => i.Seq));
        Assert.Equal(3, (await store.Log.ReadHeadAsync(queue.Application, Cancel))!.Tail);
    }

    [Fact]
    public async Task A_message_that_waits_longer_than_its_queue_allows_is_given_up()
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(31), Old(29));

        await Run(store).RunAsync(Told(store));

        Assert.Equal([(queue.Endpoint, 1L, "expired")], _told);
        Assert.Empty(await GoneAsync(store, queue.Application, 2));
    }

    [Fact]
    public async Task A_queue_that_is_too_long_loses_its_oldest()
    {
        _delivery.QueueMessages = 3;
        await using var store = await OpenAsync();
        var application = await Given.ApplicationAsync(store);
        var write = await Given.EndpointAsync(store, application);
        var other = await Given.EndpointAsync(store, application);
        // Every second one is for it: five of ten, of which three may wait.
        await Given.AppendedAsync(store, application, [.. Enumerable.Range(1, 10).Select(i => Old(1) with { Recipients = i % 2 == 0 ? [write.Endpoint!.Ordinal] : [] })]);

        await Run(store).RunAsync(Told(store));

        Assert.Equal([(Given.Id(write), 4L, "overflow")], _told);
        Assert.NotEqual(write.Endpoint!.Ordinal, other.Endpoint!.Ordinal);
    }

    [Fact]
    public async Task Old_attempts_and_old_dead_letters_go()
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(100), Old(80));
        await Given.RecordedAsync(store, Given.Outcome(queue.Cursor, 2) with
        {
            Attempts = [TriedAt(1, 100), TriedAt(1, 80), TriedAt(2, 80)],
            DeadLetters = [new DeadLetterRow(1, 1, "exhausted", Now.AddDays(-99)), new DeadLetterRow(2, 2, "exhausted", Now.AddDays(-80))],
        });

        await Run(store).RunAsync(Told(store));

        var left = (await store.Reads.ListAttemptsByEndpointAsync(queue.Application, queue.Endpoint, new(), new(10), Cancel)).Items;
        Assert.All(left, static a => Assert.Equal(Now.AddDays(-80), a.StartedAt));
        Assert.Equal(2, left.Count);
        Assert.Equal(1, await store.Reads.CountDeadLettersAsync(queue.Application, queue.Endpoint, Cancel));
        // An attempt that is kept refers to the first message: it stays, without its payload.
        Assert.Equal([1], await GoneAsync(store, queue.Application, 2));
    }

    [Theory]
    [InlineData("a dead letter")]
    [InlineData("a resend")]
    [InlineData("an attempt")]
    [InlineData("nothing")]
    public async Task A_message_goes_when_nothing_refers_to_it(string what)
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(100), Old(100), Old(1));
        var outcome = Given.Outcome(queue.Cursor, 3);
        await Given.RecordedAsync(store, what switch
        {
            "a dead letter" => outcome with { DeadLetters = [new DeadLetterRow(2, 2, "skipped", Now.AddDays(-1))] },
            "a resend" => outcome with { Asked = [2], At = Now },
            "an attempt" => outcome with { Attempts = [TriedAt(2, 1)] },
            _ => outcome,
        });

        await Run(store).RunAsync(Told(store));

        Assert.Equal(what == "nothing" ? [3L] : [2L, 3L], (await store.Log.ReadIdsAsync(queue.Application, 1, 10, Cancel)).Select(static i => i.Seq));
        Assert.Equal(4, await Given.AppendedAsync(store, queue.Application, Old(0)));
    }

    [Fact]
    public async Task A_token_counts_for_its_window_however_short_retention_is()
    {
        (_retention.PayloadDays, _retention.AttemptDays, _retention.DeadLetterDays, _delivery.IdempotencyWindow) = (1, 1, 1, TimeSpan.FromDays(3));
        await using var store = await OpenAsync();
        var application = await Given.ApplicationAsync(store);
        var first = Old(2) with { CheckToken = true };
        await Given.AppendedAsync(store, application, first);

        await Run(store).RunAsync(Told(store));

        Assert.Single(await store.Log.FindRepeatsAsync(application, [first.Token], [], Now.AddDays(-3), Cancel));
    }

    [Fact]
    public async Task Tombstones_go_after_the_longest_time_with_everything_of_theirs()
    {
        await using var store = await OpenAsync();
        var queue = await QueueAsync(store, 1, Old(1));
        await Given.RecordedAsync(store, Given.Outcome(queue.Cursor, 0) with { Parked = [new ParkedRow(1, ParkedKind.Retry, 0, 1, Now)] });
        await store.Configuration.DeleteApplicationAsync(queue.Application, Now, Cancel);
        var run = Run(store);

        await run.RunAsync(Told(store));
        Assert.NotNull(await store.Cursors.ReadCursorAsync(queue.Endpoint, Cancel));
        _time.Advance(TimeSpan.FromDays(92));
        await run.RunAsync(Told(store));

        Assert.Null(await store.Cursors.ReadCursorAsync(queue.Endpoint, Cancel));
        Assert.Null(await store.Log.ReadHeadAsync(queue.Application, Cancel));
        Assert.Null(await store.Log.ReadRoutingAsync(queue.Application, Cancel));
    }

    [Fact]
    public async Task After_a_whole_pass_the_next_comes_an_hour_later()
    {
        await using var store = await OpenAsync();
        var run = Run(store);
        await run.RunAsync(Told(store));
        var queue = await QueueAsync(store, 1, Old(31));

        await run.RunAsync(Told(store));
        Assert.Empty(_told);
        _time.Advance(TimeSpan.FromHours(1));
        await run.RunAsync(Told(store));
        Assert.Equal([(queue.Endpoint, 1L, "expired")], _told);
    }

    [Fact]
    public async Task More_than_a_batch_goes_in_one_pass()
    {
        await using var store = await OpenAsync();
        var application = await Given.ApplicationAsync(store);
        await Given.AppendedAsync(store, application, [.. Enumerable.Range(0, 2500).Select(static _ => Old(100))]);

        await Run(store).RunAsync(Told(store));

        Assert.Empty(await store.Log.ReadIdsAsync(application, 1, 2500, Cancel));
        Assert.Equal(2500, (await store.Log.ReadHeadAsync(application, Cancel))!.Tail);
    }

    [Fact]
    public async Task What_is_expunged_or_expires_by_itself_is_gone_at_once()
    {
        await using var store = await OpenAsync();
        var application = await Given.ApplicationAsync(store);
        await Given.AppendedAsync(store, application, Old(1) with { EventId = "a" }, Old(1) with { ExpiresAt = Now.AddHours(-1) }, Old(0));

        Assert.True(await store.Log.ExpungePayloadAsync(application, "a", Cancel));
        await Run(store).RunAsync(Told(store));

        Assert.Equal([1, 2], await GoneAsync(store, application, 3));
        Assert.Equal([true, true, false], (await store.Reads.ListMessagesAsync(application, new(), new(10), Cancel)).Items.Select(static m => m.PayloadGone));
    }

    private protected abstract Task<StoreSet> OpenAsync();

    /// <summary>A message accepted so many days ago, for the endpoint with ordinal 1.</summary>
    private static NewMessage Old(int days) => Given.Message("{}", 1) with { AcceptedAt = Now.AddDays(-days) };

    private static AttemptRow TriedAt(long seq, int days) => Given.Attempt(seq, Given.NewId()) with { Id = TimeOrderedId.Create(Now.AddDays(-days)), StartedAt = Now.AddDays(-days) };

    private static async Task<(Guid Application, Guid Endpoint, CursorRow Cursor)> QueueAsync(StoreSet store, int recipient, params NewMessage[] messages)
    {
        var application = await Given.ApplicationAsync(store);
        var write = await Given.EndpointAsync(store, application);
        Assert.Equal(1, write.Endpoint!.Ordinal);
        await Given.AppendedAsync(store, application, [.. messages.Select(m => m with { Recipients = [recipient] })]);
        return (application, Given.Id(write), await Given.TakenAsync(store, Given.Id(write)));
    }

    private static async Task<List<int>> GoneAsync(StoreSet store, Guid application, int count)
    {
        var gone = new List<int>();
        for (var seq = 1; seq <= count; seq++)
        {
            if (await store.Log.ReadMessageAsync(application, seq, Cancel) is not { Payload: not null })
            {
                gone.Add(seq);
            }
        }

        return gone;
    }

    private RetentionRun Run(StoreSet store)
    {
        var (delivery, clock) = (Options.Create(_delivery), new StoreClock(_time));
        return new RetentionRun(
            new QueueExpiry(store.Queues, store.Cursors, delivery),
            new LogSweep(store.Retention, store.Queues),
            store.Retention,
            new StoreCleaner(store.Log, store.Answers, store.Recoveries, clock, delivery, Options.Create(_retention)),
            clock,
            Options.Create(_retention),
            delivery,
            NullLogger<RetentionRun>.Instance);
    }

    /// <summary>What an endpoint does when it is told, without its grain: dead letters, and the cursor behind them.</summary>
    private Func<Guid, long, string, Task<bool>> Told(StoreSet store) => async (endpoint, upTo, reason) =>
    {
        _told.Add((endpoint, upTo, reason));
        var cursor = await Given.TakenAsync(store, endpoint);
        var waiting = await store.Log.ReadPageAsync(cursor.Application, cursor.Ordinal, cursor.Position, upTo, 100, int.MaxValue, Cancel);
        return await Given.RecordedAsync(store, Given.Outcome(cursor, Math.Max(cursor.Position, upTo)) with
        {
            DeadLetters = [.. waiting.Messages.Select(m => new DeadLetterRow(m.Seq, m.Seq, reason, _time.GetUtcNow()))],
        });
    };
}
