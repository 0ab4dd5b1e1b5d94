using CsCheck;
using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Tests.Deliveries;

public sealed class DeliveryQueueTests
{
    private static readonly Gen<string?[]> Log = Gen.OneOf(Gen.Const((string?)null), Gen.Const<string?>("a"), Gen.Const<string?>("b"), Gen.Const<string?>("c")).Array[0, 30];
    private static readonly Gen<(int Kind, int A, int B)[]> Steps = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 50], Gen.Int[0, 50]).Array[0, 80];

    [Theory]
    [InlineData(OrderingMode.Strict)]
    [InlineData(OrderingMode.Key)]
    [InlineData(OrderingMode.None)]
    public void Every_history_keeps_lane_order_and_loses_nothing(OrderingMode mode) => Gen.Select(Log, Steps).Sample(
        (log, steps) =>
        {
            var model = new QueueModel(mode, log);
            foreach (var (kind, a, b) in steps)
            {
                switch (kind)
                {
                    case 0 or 1: model.Read(); break;
                    case 2 or 3: model.Send(); break;
                    case 4 or 5: model.End(a, b); break;
                    case 6: model.BeginFlush(); break;
                    case 7: model.EndFlush(); model.LoadLanes(); break;
                    case 8: model.Wait(a % 9); break;
                    default:
                        if (a % 4 == 0)
                        {
                            model.Crash();
                        }
                        else if (a % 4 == 1)
                        {
                            model.DropWindow();
                        }

                        break;
                }
            }

            model.Finish();
        },
        iter: 10_000);

    [Fact]
    public void Strict_order_has_one_attempt_in_flight_and_reads_nothing_behind_a_failed_head()
    {
        var queue = new DeliveryQueue(OrderingMode.Strict, 8, 0, 4, 100);
        queue.Take(Message(1));
        queue.Take(Message(2));
        Assert.True(queue.TryNext(Now, out var head));
        Assert.False(queue.TryNext(Now, out _));
        queue.Retry(head, Now.AddMinutes(5), Now);
        Assert.Equal(0, queue.Room);
        Assert.False(queue.TryNext(Now, out _));
        Assert.Equal(1, queue.Position);
        Assert.Equal(Now.AddMinutes(5), queue.NextDue);
        Assert.True(queue.TryNext(Now.AddMinutes(5), out var again));
        Assert.Equal(1, again.Seq);
    }

    [Fact]
    public void A_failing_key_blocks_only_itself()
    {
        var queue = new DeliveryQueue(OrderingMode.Key, 4, 0, 8, 100);
        queue.Take(Message(1, "poison"));
        queue.Take(Message(2, "poison"));
        queue.Take(Message(3, "good"));
        Assert.True(queue.TryNext(Now, out var first));
        Assert.True(queue.TryNext(Now, out var other));
        Assert.Equal((1, 3), (first.Seq, other.Seq));
        queue.Retry(first, Now.AddHours(1), Now);
        queue.Succeed(other);
        queue.Take(Message(4, "good"));
        Assert.True(queue.TryNext(Now, out var next));
        Assert.Equal(4, next.Seq);
        Assert.False(queue.TryNext(Now, out _));
    }

    [Fact]
    public void Without_order_messages_run_in_parallel_up_to_the_limit()
    {
        var queue = new DeliveryQueue(OrderingMode.None, 3, 0, 8, 100);
        for (var seq = 1; seq <= 5; seq++)
        {
            queue.Take(Message(seq));
        }

        var started = 0;
        while (queue.TryNext(Now, out _))
        {
            started++;
        }

        Assert.Equal(3, started);
    }

    [Fact]
    public void A_full_window_parks_its_oldest_entry_so_that_other_lanes_flow()
    {
        var queue = new DeliveryQueue(OrderingMode.None, 3, 0, 2, 100);
        queue.Take(Message(1));
        queue.Take(Message(2));
        Assert.True(queue.TryNext(Now, out var slow));
        Assert.True(queue.TryNext(Now, out _));
        Assert.Equal(0, queue.Room);
        Assert.True(queue.ParkOldest(Now));
        queue.Take(Message(3));
        Assert.True(queue.TryNext(Now, out var third));
        Assert.Equal(3, third.Seq);
        var changes = queue.TakeChanges();
        Assert.Equal(1, changes.Position);
        Assert.Equal(1, Assert.Single(changes.Parked).Seq);
        queue.Succeed(slow);
        Assert.Equal([1L], queue.TakeChanges().Unparked);
    }

    [Fact]
    public void Past_the_limit_of_blocked_lanes_nothing_more_is_read()
    {
        var queue = new DeliveryQueue(OrderingMode.None, 8, 0, 8, 2);
        queue.Take(Message(1));
        queue.Take(Message(2));
        while (queue.TryNext(Now, out var entry))
        {
            queue.Retry(entry, Now.AddHours(1), Now);
        }

        Assert.Equal(0, queue.Room);
    }

    private static DateTimeOffset Now { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static LogMessage Message(long seq, string? key = null) => new(seq, Guid.Empty, "t", Now, key, [1]);
}
