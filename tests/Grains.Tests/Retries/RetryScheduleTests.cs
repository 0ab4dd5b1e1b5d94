using CsCheck;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Xunit;

namespace Webhooks.Grains.Tests.Retries;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset s_accepted = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private static readonly Gen<int[]> s_schedules = Gen.Int[0, 40_000].Array[0, 12];

    private sealed class Chance(double value) : Random
    {
        public override double NextDouble() => value;
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 300)]
    [InlineData(3, 1800)]
    [InlineData(4, 7200)]
    [InlineData(5, 18000)]
    [InlineData(6, 36000)]
    [InlineData(7, 36000)]
    public void The_default_schedule_is_the_contracts(int attempts, int seconds)
    {
        var schedule = new RetrySchedule(DeliveryOptions.DefaultRetrySchedule, 0.2);

        Assert.Equal(8, schedule.MaxAttempts);
        Assert.Equal(
            new RetryDecision.RetryAt(s_accepted.AddSeconds(seconds)),
            schedule.Decide(attempts, s_accepted, s_accepted, s_timeout, new Chance(0.5)));
    }

    [Theory]
    [InlineData(0.0, 80)]
    [InlineData(0.25, 90)]
    [InlineData(0.5, 100)]
    [InlineData(0.75, 110)]
    public void Chance_spreads_a_delay_evenly_around_its_middle(double chance, int seconds) =>
        Assert.Equal(seconds, new RetrySchedule([100], 0.2).Delay(1, new Chance(chance)).TotalSeconds, 6);

    [Fact]
    public void Delays_stay_within_the_jitter() =>
        Gen.Select(s_schedules.Where(s => s.Length > 0), Gen.Double[0, 1], Gen.Int, Gen.Int[1, 12]).Sample((delays, jitter, seed, step) =>
        {
            var attempts = Math.Min(step, delays.Length);
            var delay = new RetrySchedule(delays, jitter).Delay(attempts, new Random(seed)).TotalSeconds;
            return delay >= (delays[attempts - 1] * (1 - jitter)) - 1e-6 && delay <= (delays[attempts - 1] * (1 + jitter)) + 1e-6;
        });

    [Fact]
    public void A_message_that_always_fails_gets_one_attempt_more_than_the_schedule_has_steps() =>
        Gen.Select(s_schedules, Gen.Double[0, 1], Gen.Int, Gen.Int[0, 30]).Sample((delays, jitter, seed, seconds) =>
        {
            var (attempts, reason) = Exhaust(new RetrySchedule(delays, jitter), TimeSpan.FromSeconds(seconds), new Random(seed));
            return attempts == delays.Length + 1 && reason == GiveUpReason.ScheduleUsedUp;
        });

    [Fact]
    public void A_message_whose_delays_all_come_out_longest_still_gets_its_whole_schedule() =>
        Assert.Equal(8, Exhaust(new RetrySchedule(DeliveryOptions.DefaultRetrySchedule, 1), s_timeout, new Chance(0.999999)).Attempts);

    [Fact]
    public void The_deadline_is_120_percent_of_the_schedule_and_a_timeout_per_attempt_after_acceptance()
    {
        var schedule = new RetrySchedule([100, 200], 0.2);

        Assert.Equal(s_accepted.AddSeconds((1.2 * 300) + (3 * 30)), schedule.Deadline(s_accepted, s_timeout));
    }

    [Fact]
    public void A_failure_at_the_deadline_is_retried_and_one_after_it_is_the_last()
    {
        var schedule = new RetrySchedule([100, 200], 0.2);
        var deadline = schedule.Deadline(s_accepted, s_timeout);

        Assert.IsType<RetryDecision.RetryAt>(schedule.Decide(1, s_accepted, deadline, s_timeout, Random.Shared));
        Assert.Equal(
            new RetryDecision.GiveUp(GiveUpReason.DeadlinePassed),
            schedule.Decide(1, s_accepted, deadline.AddTicks(1), s_timeout, Random.Shared));
    }

    [Fact]
    public void A_message_that_was_never_tried_is_due_however_old_it_is()
    {
        var now = s_accepted.AddYears(1);

        Assert.Equal(new RetryDecision.RetryAt(now), new RetrySchedule([5], 0.2).Decide(0, s_accepted, now, s_timeout, Random.Shared));
    }

    [Fact]
    public void An_empty_schedule_is_a_single_attempt() =>
        Assert.Equal(
            new RetryDecision.GiveUp(GiveUpReason.ScheduleUsedUp),
            new RetrySchedule([], 0.2).Decide(1, s_accepted, s_accepted, s_timeout, Random.Shared));

    [Fact]
    public void A_longer_schedule_a_longer_timeout_and_a_later_message_never_have_an_earlier_deadline() =>
        Gen.Select(s_schedules, Gen.Int[0, 40_000], Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[0, 1_000_000]).Sample((delays, step, timeout, more, later) =>
        {
            var shorter = new RetrySchedule(delays, 0.2).Deadline(s_accepted, TimeSpan.FromSeconds(timeout));
            return shorter >= s_accepted
                && new RetrySchedule([.. delays, step], 0.2).Deadline(s_accepted, TimeSpan.FromSeconds(timeout)) >= shorter
                && new RetrySchedule(delays, 0.2).Deadline(s_accepted.AddSeconds(later), TimeSpan.FromSeconds(timeout + more)) >= shorter;
        });

    [Fact]
    public void A_due_time_that_the_schedule_itself_gave_is_never_pulled_in() =>
        Gen.Select(s_schedules.Where(s => s.Length > 0), Gen.Double[0, 1], Gen.Int, Gen.Int[1, 12], Gen.Int[0, 100_000].Nullable()).Sample((delays, jitter, seed, step, asked) =>
        {
            var schedule = new RetrySchedule(delays, jitter);
            var attempts = Math.Min(step, delays.Length);
            TimeSpan? retryAfter = asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            var due = Assert.IsType<RetryDecision.RetryAt>(schedule.Decide(attempts, s_accepted, s_accepted, s_timeout, new Random(seed), retryAfter)).Due;
            return schedule.PullIn(due, s_accepted, attempts) == due;
        });

    [Fact]
    public void A_due_time_far_beyond_its_step_is_pulled_in_to_the_steps_limit()
    {
        var schedule = new RetrySchedule([5, 300], 0.2);

        Assert.Equal(s_accepted.AddSeconds(10), schedule.PullIn(s_accepted.AddDays(3), s_accepted, 1));
        Assert.Equal(s_accepted.AddSeconds(600), schedule.PullIn(s_accepted.AddDays(3), s_accepted, 2));
        Assert.Equal(s_accepted.AddSeconds(600), schedule.PullIn(s_accepted.AddDays(3), s_accepted, 9));
        Assert.Equal(s_accepted, schedule.PullIn(s_accepted.AddDays(3), s_accepted, 0));
        Assert.Equal(s_accepted.AddDays(-3), schedule.PullIn(s_accepted.AddDays(-3), s_accepted, 1));
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(150, 150)]
    [InlineData(100_000, 200)]
    public void A_receivers_wish_is_honoured_between_the_steps_delay_and_twice_that(int asked, int seconds) =>
        Assert.Equal(seconds, new RetrySchedule([100], 0.2).Delay(1, new Chance(0.5), TimeSpan.FromSeconds(asked)).TotalSeconds, 6);

    [Theory]
    [InlineData(-1, 0.2)]
    [InlineData(1, -0.1)]
    [InlineData(1, 1.1)]
    [InlineData(1, double.NaN)]
    public void A_schedule_that_makes_no_sense_is_refused(int delay, double jitter) =>
        Assert.ThrowsAny<ArgumentException>(() => new RetrySchedule([delay], jitter));

    // Fails a message until it is given up, each attempt taking its whole timeout.
    private static (int Attempts, GiveUpReason Reason) Exhaust(RetrySchedule schedule, TimeSpan timeout, Random random)
    {
        var now = s_accepted;
        for (var attempts = 1; ; attempts++)
        {
            now += timeout;
            switch (schedule.Decide(attempts, s_accepted, now, timeout, random))
            {
                case RetryDecision.RetryAt retry:
                    now = retry.Due;
                    break;
                case RetryDecision.GiveUp giveUp:
                    return (attempts, giveUp.Reason);
            }
        }
    }
}
