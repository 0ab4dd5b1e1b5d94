using Webhooks.Processes.Tests.Harness;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>The judge itself: it must see what the other tests rely on it to see.</summary>
public sealed class StrictOrderTests
{
    private static readonly string[] Queue = ["a", "b", "c"];

    [Fact]
    public void Failures_that_are_repeated_until_they_succeed_are_in_order()
    {
        var order = StrictOrder.Judge(Queue, Requests("a-", "a-", "a", "b", "c-", "c"));
        Assert.Empty(order.Inversions);
        Assert.Empty(order.Missing);
        Assert.Equal((0, 0, 0), (order.Repeats, order.StepsBack, order.Overlaps));
    }

    [Fact]
    public void A_message_tried_before_an_earlier_one_succeeded_is_an_inversion()
    {
        Assert.Single(StrictOrder.Judge(Queue, Requests("a-", "b", "a", "b", "c")).Inversions);
        Assert.Single(StrictOrder.Judge(Queue, Requests("b", "c")).Inversions);
        Assert.Single(StrictOrder.Judge(Queue, Requests("a", "c")).Inversions);
    }

    [Fact]
    public void A_tail_that_is_repeated_in_order_is_one_step_back_and_no_inversion()
    {
        var order = StrictOrder.Judge(Queue, Requests("a", "b", "a", "b", "c"));
        Assert.Empty(order.Inversions);
        Assert.Equal((2, 1), (order.Repeats, order.StepsBack));
    }

    [Fact]
    public void A_gap_in_a_repeated_tail_is_an_inversion() =>
        Assert.Single(StrictOrder.Judge(Queue, Requests("a", "b", "a", "c")).Inversions);

    [Fact]
    public void A_message_that_only_failed_is_missing() =>
        Assert.Equal(["c"], StrictOrder.Judge(Queue, Requests("a", "b", "c-")).Missing);

    [Fact]
    public void A_message_of_another_queue_is_an_inversion() =>
        Assert.Single(StrictOrder.Judge(Queue, Requests("a", "x", "b", "c")).Inversions);

    [Fact]
    public void A_request_that_begins_before_the_last_one_was_answered_overlaps()
    {
        Delivery[] overlapping = [Request(0, "a", 0, 10), Request(1, "b", 5, 20), Request(2, "c", 20, 30)];
        Assert.Equal(1, StrictOrder.Judge(Queue, overlapping).Overlaps);
    }

    [Fact]
    public void An_event_behind_one_that_was_sent_after_its_answer_is_misplaced()
    {
        Accepted[] log = [new(1, "a", 0, 10), new(2, "b", 20, 30), new(3, "c", 5, 15)];
        Assert.Equal([3], AcceptanceOrder.Violations(log).Select(accepted => accepted.Number));
        Assert.Empty(AcceptanceOrder.Violations([log[0], log[2], log[1]]));
    }

    // "a" is a request that succeeded, "a-" one that failed.
    private static IEnumerable<Delivery> Requests(params string[] requests) =>
        requests.Select((request, order) => Request(order, request.TrimEnd('-'), order * 10, (order * 10) + 9, request.EndsWith('-') ? 503 : 200));

    private static Delivery Request(int order, string id, double startedAt, double endedAt, int status = 200) =>
        new(order, "/", id, startedAt, endedAt, null, null, status, null);
}
