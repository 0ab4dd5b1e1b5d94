using CsCheck;
using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Tests.Deliveries;

/// <summary>Circuit, backoff, ramp and throttle of one endpoint.</summary>
public sealed class EndpointGovernorTests
{
    private const int OpenAfter = 3;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetrySchedule Schedule = new([10, 100, 1000], 0);

    [Fact]
    public void Before_the_circuit_opens_attempts_run_side_by_side()
    {
        var governor = Governor();
        for (var inFlight = 0; inFlight < 8; inFlight++)
        {
            Assert.True(governor.TryStart(Start, inFlight));
        }

        Assert.False(governor.TryStart(Start, 8));
        Fail(governor, Start, OpenAfter - 1);
        Assert.False(governor.IsOpen);
        Assert.Null(governor.NextStart(Start));
    }

    [Fact]
    public void An_open_circuit_lets_one_probe_out_per_step_whatever_waits()
    {
        var governor = Governor();
        Fail(governor, Start, OpenAfter);
        Assert.True(governor.IsOpen);

        var now = Start;
        foreach (var step in (int[])[10, 100, 1000, 1000, 1000])
        {
            Assert.Equal(now.AddSeconds(step), governor.NextStart(now));
            Assert.False(governor.TryStart(now.AddSeconds(step - 1), 0));
            now = now.AddSeconds(step);
            Assert.True(governor.TryStart(now, 0));
            Assert.False(governor.TryStart(now, 1));
            governor.Failed(now, now, overloaded: false, null, Schedule, Random.Shared);
        }
    }

    [Fact]
    public void What_was_under_way_when_the_circuit_opened_is_no_probe()
    {
        var governor = Governor();
        Fail(governor, Start, OpenAfter);
        governor.Failed(Start.AddSeconds(-1), Start.AddSeconds(2), overloaded: false, null, Schedule, Random.Shared);
        governor.Failed(Start.AddSeconds(-1), Start.AddSeconds(3), overloaded: false, null, Schedule, Random.Shared);

        Assert.Equal(1, governor.Health.Step);
        Assert.Equal(Start.AddSeconds(10), governor.NextStart(Start.AddSeconds(3)));
    }

    [Fact]
    public void After_the_first_success_the_rate_doubles_each_second_until_it_is_free()
    {
        var governor = Governor(new GovernorLimits(1, OpenAfter, RampStart: 10, RampEnd: 1000, null));
        Fail(governor, Start, OpenAfter);
        var back = Start.AddSeconds(10);
        Assert.True(governor.TryStart(back, 0));
        governor.Succeeded(back);
        Assert.Equal(EndpointHealth.Fresh, governor.Health);

        var perSecond = CountPerSecond(governor, back, 8);
        Assert.InRange(perSecond[0], 9, 11);
        for (var second = 1; second < 6; second++)
        {
            Assert.InRange(perSecond[second] / (double)perSecond[second - 1], 1.7, 2.3);
        }

        // 10 · 2⁷ lies beyond the end of the ramp: every try is let through.
        Assert.Equal(1000, perSecond[7]);
    }

    [Fact]
    public void A_failure_on_the_ramp_begins_the_count_anew_and_opens_again_after_as_many()
    {
        var governor = Governor();
        Fail(governor, Start, OpenAfter);
        governor.Succeeded(Start.AddSeconds(10));
        Fail(governor, Start.AddSeconds(11), OpenAfter - 1);
        Assert.False(governor.IsOpen);
        Fail(governor, Start.AddSeconds(12), 1);
        Assert.True(governor.IsOpen);
        Assert.Equal(1, governor.Health.Step);
    }

    [Fact]
    public void A_receiver_that_asks_to_be_left_alone_is_left_alone_by_all_lanes()
    {
        var governor = Governor();
        governor.Failed(Start, Start, overloaded: true, Start.AddSeconds(40), Schedule, Random.Shared);

        Assert.False(governor.IsOpen);
        Assert.False(governor.TryStart(Start.AddSeconds(39), 0));
        Assert.True(governor.TryStart(Start.AddSeconds(40), 0));
        // Another failure that asks for nothing does not shorten it.
        governor = Governor();
        governor.Failed(Start, Start, overloaded: true, Start.AddSeconds(40), Schedule, Random.Shared);
        governor.Failed(Start, Start.AddSeconds(1), overloaded: false, null, Schedule, Random.Shared);
        Assert.Equal(Start.AddSeconds(40), governor.NextStart(Start.AddSeconds(1)));
    }

    [Fact]
    public void Overload_halves_what_runs_at_once_and_success_doubles_it_again()
    {
        var governor = Governor(new GovernorLimits(8, OpenAfter: 100, 10, 1000, null));
        governor.Failed(Start, Start, overloaded: true, null, Schedule, Random.Shared);
        Assert.Equal(4, governor.Limit);
        for (var i = 0; i < 10; i++)
        {
            governor.Failed(Start, Start, overloaded: true, null, Schedule, Random.Shared);
        }

        Assert.Equal(1, governor.Limit);
        governor.Succeeded(Start);
        governor.Succeeded(Start);
        Assert.Equal(4, governor.Limit);
    }

    [Fact]
    public void A_throttle_is_kept_to_within_five_percent_over_a_minute()
    {
        var governor = Governor(new GovernorLimits(16, OpenAfter, 10, 1000, Rate: 100));
        Assert.InRange(CountPerSecond(governor, Start, 60).Sum(), 5700, 6300);
    }

    [Fact]
    public void A_successor_goes_on_where_the_step_was()
    {
        var governor = Governor();
        Fail(governor, Start, OpenAfter);
        Fail(governor, Start.AddSeconds(10), 1);
        var later = Start.AddSeconds(30);

        var successor = new EndpointGovernor(governor.Health, Limits, later);

        Assert.True(successor.IsOpen);
        Assert.False(successor.TryStart(later, 0));
        Assert.Equal(Start.AddSeconds(110), successor.NextStart(later));
        Assert.True(successor.TryStart(Start.AddSeconds(110), 0));
        successor.Failed(Start.AddSeconds(110), Start.AddSeconds(110), overloaded: false, null, Schedule, Random.Shared);
        Assert.Equal(3, successor.Health.Step);
    }

    [Fact]
    public void A_successor_of_an_endpoint_that_had_begun_to_fail_starts_at_the_bottom_of_the_ramp()
    {
        var successor = new EndpointGovernor(new EndpointHealth { ConsecutiveFailures = 1, FailingSince = Start }, new GovernorLimits(16, OpenAfter, 10, 1000, null), Start);
        Assert.InRange(CountPerSecond(successor, Start, 1)[0], 9, 11);
    }

    [Fact]
    public void In_any_history_no_two_probes_go_out_within_a_step()
    {
        // What happens: time passes, an attempt starts, one ends well or badly.
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 400]).Array[1, 200].Sample(
            static history =>
            {
                var governor = new EndpointGovernor(EndpointHealth.Fresh, Limits, Start);
                var now = Start;
                var inFlight = new List<DateTimeOffset>();
                DateTimeOffset? lastProbeFailed = null;
                var lastStep = TimeSpan.Zero;
                foreach (var (what, amount) in history)
                {
                    switch (what)
                    {
                        case 0:
                            now = now.AddSeconds(amount);
                            break;
                        case 1 or 2:
                            var open = governor.IsOpen;
                            if (governor.TryStart(now, inFlight.Count))
                            {
                                if (open && lastProbeFailed is { } failed && now < failed + lastStep)
                                {
                                    return false;
                                }

                                inFlight.Add(now);
                            }

                            break;
                        case 3 when inFlight.Count > 0:
                            inFlight.RemoveAt(amount % inFlight.Count);
                            governor.Succeeded(now);
                            lastProbeFailed = null;
                            break;
                        case 4 or 5 when inFlight.Count > 0:
                            var startedAt = inFlight[amount % inFlight.Count];
                            inFlight.Remove(startedAt);
                            var step = governor.Health.Step;
                            governor.Failed(startedAt, now, amount % 2 == 0, null, Schedule, Random.Shared);
                            if (governor.Health.Step > step)
                            {
                                (lastProbeFailed, lastStep) = (now, Schedule.Delay(governor.Health.Step, Random.Shared));
                            }

                            break;
                        default:
                            break;
                    }
                }

                return true;
            },
            iter: 10_000);
    }

    private static GovernorLimits Limits { get; } = new(8, OpenAfter, 10, 1000, null);

    private static EndpointGovernor Governor(GovernorLimits? limits = null) => new(EndpointHealth.Fresh, limits ?? Limits, Start);

    private static void Fail(EndpointGovernor governor, DateTimeOffset now, int times)
    {
        for (var i = 0; i < times; i++)
        {
            governor.Failed(now, now, overloaded: false, null, Schedule, Random.Shared);
        }
    }

    /// <summary>Tries each millisecond, with nothing in flight.</summary>
    private static int[] CountPerSecond(EndpointGovernor governor, DateTimeOffset from, int seconds) =>
    [
        .. Enumerable.Range(0, seconds).Select(second => Enumerable.Range(0, 1000).Count(ms => governor.TryStart(from.AddMilliseconds((second * 1000) + ms), 0))),
    ];
}
