using CsCheck;
using Webhooks.Grains.Deliveries;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>Start times that endpoints of an application share.</summary>
public sealed class RateAllocatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void In_any_history_no_second_sees_more_than_the_rate_and_one_burst()
    {
        Gen.Select(Gen.Int[1, 3000], Gen.Select(Gen.Int[0, 2500], Gen.Int[1, 100]).Array[1, 100]).Sample(
            static (rate, history) =>
            {
                var allocator = new RateAllocator(Start);
                var now = Start;
                var used = new List<DateTimeOffset>();
                foreach (var (milliseconds, wanted) in history)
                {
                    now = now.AddMilliseconds(milliseconds);
                    Use(used, allocator, wanted, rate, now);
                }

                return MostInASecond(used) <= rate + RateAllocator.Burst(rate);
            },
            iter: 2_000);
    }

    [Fact]
    public void Callers_who_disagree_on_the_rate_get_no_more_than_their_rates_together()
    {
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 500], Gen.Select(Gen.Int[0, 300], Gen.Int[1, 64], Gen.Bool).Array[1, 200]).Sample(
            static (one, other, history) =>
            {
                var allocator = new RateAllocator(Start);
                var now = Start;
                var used = new List<DateTimeOffset>();
                foreach (var (milliseconds, wanted, first) in history)
                {
                    now = now.AddMilliseconds(milliseconds);
                    Use(used, allocator, wanted, first ? one : other, now);
                }

                return MostInASecond(used) <= one + other + RateAllocator.Burst(one) + RateAllocator.Burst(other);
            },
            iter: 2_000);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(7, 3)]
    [InlineData(100, 1)]
    [InlineData(100, 10)]
    [InlineData(100, 300)]
    [InlineData(2500, 40)]
    public void Demand_that_is_always_there_gets_the_rate_to_within_five_percent_over_a_minute(int rate, int callers)
    {
        var used = UseFor(TimeSpan.FromMinutes(1), rate, callers, replacedAt: null);
        Assert.InRange(used.Count(static at => at < Start.AddMinutes(1)), rate * 57, rate * 63);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, 10)]
    [InlineData(1000, 20)]
    public void A_new_activation_gives_no_more_than_a_burst_and_what_its_callers_still_held(int rate, int callers)
    {
        for (var milliseconds = 5_000; milliseconds < 5_200; milliseconds += 7)
        {
            var used = UseFor(TimeSpan.FromSeconds(10), rate, callers, Start.AddMilliseconds(milliseconds));
            Assert.InRange(MostInASecond(used), rate * 0.95, rate + (2 * RateAllocator.Burst(rate)) + callers);
        }
    }

    [Fact]
    public void An_hour_without_demand_leaves_a_burst_and_no_more()
    {
        var allocator = new RateAllocator(Start);
        allocator.Reserve(1, 100, Start);
        var later = Start.AddHours(1);
        var used = new List<DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            Use(used, allocator, 1, 100, later);
        }

        Assert.Equal(11, used.Count(at => at == later));
        Assert.Equal(later.AddMilliseconds(1890), used[^1]);
    }

    [Fact]
    public void A_lower_rate_holds_from_the_next_call_on_and_so_does_a_higher_one()
    {
        var allocator = new RateAllocator(Start);
        Assert.Equal(5, allocator.Reserve(10, 100, Start).Count);
        var lower = allocator.Reserve(10, 10, Start);
        Assert.Equal((Start.AddMilliseconds(500), TimeSpan.FromMilliseconds(100), 1), (lower.From, lower.Interval, lower.Count));
        var higher = allocator.Reserve(10, 1000, Start);
        Assert.Equal((Start.AddMilliseconds(6), TimeSpan.FromMilliseconds(1), 10), (higher.From, higher.Interval, higher.Count));
    }

    [Fact]
    public void Who_wants_many_gets_few_while_others_wait()
    {
        var allocator = new RateAllocator(Start);
        var counts = Enumerable.Range(0, 5).Select(_ => allocator.Reserve(10, 100, Start).Count);
        Assert.Equal([5, 3, 1, 1, 1], counts);
    }

    [Fact]
    public void A_clock_that_was_set_back_gives_nothing_away()
    {
        var allocator = new RateAllocator(Start);
        allocator.Reserve(5, 100, Start);
        Assert.Equal(Start.AddMilliseconds(50), allocator.Reserve(1, 100, Start.AddHours(-1)).From);
    }

    /// <summary>Callers that always want more: each asks again, after a way of 0 to 40 ms, when it has used what it got.</summary>
    private static List<DateTimeOffset> UseFor(TimeSpan duration, int rate, int callers, DateTimeOffset? replacedAt)
    {
        var random = new Random(callers);
        var allocator = new RateAllocator(Start);
        var used = new List<DateTimeOffset>();
        var asks = new PriorityQueue<int, DateTimeOffset>(Enumerable.Range(0, callers).Select(c => (c, Start)));
        while (asks.TryDequeue(out var caller, out var now) && now < Start + duration)
        {
            if (now >= replacedAt)
            {
                allocator = new RateAllocator(now);
                replacedAt = null;
            }

            Use(used, allocator, 10, rate, now);
            asks.Enqueue(caller, used[^1].AddMilliseconds(random.Next(41)));
        }

        return used;
    }

    /// <summary>Reserves, and uses each start time when it has come, those that have passed at once.</summary>
    private static void Use(List<DateTimeOffset> used, RateAllocator allocator, int wanted, int rate, DateTimeOffset now)
    {
        var grant = allocator.Reserve(wanted, rate, now);
        Assert.InRange(grant.Count, 1, wanted);
        for (var i = 0; i < grant.Count; i++)
        {
            var at = grant.From + (grant.Interval * i);
            used.Add(at > now ? at : now);
        }
    }

    private static int MostInASecond(List<DateTimeOffset> used)
    {
        var sorted = used.Order().ToList();
        var most = 0;
        var first = 0;
        for (var last = 0; last < sorted.Count; last++)
        {
            while (sorted[last] - sorted[first] >= TimeSpan.FromSeconds(1))
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
