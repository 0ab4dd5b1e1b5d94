using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Endpoints;

/// <summary>An endpoint's part in its application's rate, under a clock that the test moves.</summary>
public sealed class ApplicationThrottleTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Grants _grants = new();
    private readonly ApplicationThrottle _throttle;
    private int _changed;

    public ApplicationThrottleTests() =>
        _throttle = new ApplicationThrottle("app_1", _grants, _time, () => Interlocked.Increment(ref _changed), NullLogger.Instance);

    private DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose() => _throttle.Dispose();

    [Fact]
    public void Without_a_rate_nothing_is_asked_and_nothing_held()
    {
        Assert.True(_throttle.MayTake(Now, 1));
        Assert.True(_throttle.TryTake(Now));
        Assert.Null(_throttle.NextAt(Now));
        Assert.Empty(_grants.Asked);
    }

    [Fact]
    public async Task Nothing_starts_before_the_grant_and_then_one_at_each_of_its_times()
    {
        _throttle.Rate = 100;
        Assert.False(_throttle.MayTake(Now, 5));
        Assert.False(_throttle.TryTake(Now));
        Assert.False(_throttle.MayTake(Now, 5));
        Assert.Equal((2, 100), Assert.Single(_grants.Asked));

        await AnswerAsync(new ThrottleGrant(Now + Step, Step, 2));
        Assert.False(_throttle.TryTake(Now));
        Assert.Equal(Now + Step, _throttle.NextAt(Now));
        _time.Advance(Step);
        Assert.True(_throttle.MayTake(Now, 5));
        Assert.True(_throttle.TryTake(Now));
        Assert.False(_throttle.TryTake(Now));
        _time.Advance(Step);
        Assert.True(_throttle.TryTake(Now));
        Assert.Single(_grants.Asked);

        Assert.False(_throttle.MayTake(Now, 1));
        Assert.Equal(2, _grants.Asked.Count);
    }

    [Fact]
    public async Task It_asks_for_twice_as_many_when_it_used_all_and_for_what_it_used_when_it_did_not()
    {
        _throttle.Rate = 1000;
        foreach (var expected in (int[])[2, 4, 8, 16, 32, 64, 64])
        {
            await GrantAsync(ready: 100);
            Assert.Equal(expected, _grants.Asked[^1].Wanted);
            UseAll();
        }

        await GrantAsync(ready: 100);
        Assert.True(_throttle.TryTake(Now));
        Assert.True(_throttle.TryTake(Now));
        _time.Advance(ApplicationThrottle.Stale + TimeSpan.FromSeconds(1));
        await GrantAsync(ready: 100);
        Assert.Equal(2, _grants.Asked[^1].Wanted);
    }

    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(9, 50, 1)]
    [InlineData(40, 50, 4)]
    [InlineData(65_535, 50, 50)]
    [InlineData(65_535, 500, 64)]
    public async Task It_asks_for_what_is_ready_within_a_tenth_of_the_rate(int rate, int ready, int expected)
    {
        _throttle.Rate = rate;
        for (var i = 0; i < 8; i++)
        {
            await GrantAsync(ready);
            UseAll();
        }

        Assert.Equal(expected, _grants.Asked[^1].Wanted);
    }

    [Fact]
    public async Task A_start_time_older_than_a_second_is_given_up()
    {
        _throttle.Rate = 100;
        Assert.False(_throttle.MayTake(Now, 10));
        await AnswerAsync(new ThrottleGrant(Now, Step, 5));
        _time.Advance(ApplicationThrottle.Stale + (Step * 3));

        Assert.True(_throttle.TryTake(Now));
        Assert.True(_throttle.TryTake(Now));
        Assert.False(_throttle.TryTake(Now));
    }

    [Fact]
    public async Task When_nobody_answers_it_asks_again_and_sends_nothing_meanwhile()
    {
        _throttle.Rate = 100;
        var until = Now + TimeSpan.FromMinutes(1);
        while (Now < until)
        {
            Assert.False(_throttle.MayTake(Now, 1));
            Assert.False(_throttle.TryTake(Now));
            Assert.InRange(_throttle.NextAt(Now)!.Value - Now, TimeSpan.FromTicks(1), ApplicationThrottle.AnswerTimeout);
            var changed = Volatile.Read(ref _changed);
            await AdvanceUntilAsync(() => Volatile.Read(ref _changed) > changed);
        }

        // A time-out of two seconds and a pause of up to two.
        Assert.InRange(_grants.Asked.Count, 14, 30);
        Assert.False(_throttle.MayTake(Now, 1));
        await AnswerAsync(new ThrottleGrant(Now, Step, 1));
        Assert.True(_throttle.TryTake(Now));
    }

    [Fact]
    public async Task A_silo_that_refuses_is_not_asked_without_pause()
    {
        _throttle.Rate = 100;
        Assert.False(_throttle.MayTake(Now, 1));
        _grants.Fail(new Orleans.Runtime.SiloUnavailableException("It died."));
        await Eventually.TrueAsync(() => _throttle.NextAt(Now) <= Now + TimeSpan.FromMilliseconds(100), "the failure is seen");
        Assert.False(_throttle.MayTake(Now, 1));
        Assert.Single(_grants.Asked);

        await AdvanceUntilAsync(() => Volatile.Read(ref _changed) == 1);
        Assert.False(_throttle.MayTake(Now, 1));
        Assert.Equal(2, _grants.Asked.Count);
    }

    [Fact]
    public async Task Another_rate_gives_up_what_was_granted_and_what_is_on_its_way()
    {
        _throttle.Rate = 100;
        Assert.False(_throttle.MayTake(Now, 2));
        await AnswerAsync(new ThrottleGrant(Now, Step, 2));
        _throttle.Rate = 10;
        Assert.False(_throttle.TryTake(Now));

        Assert.False(_throttle.MayTake(Now, 2));
        _throttle.Rate = 20;
        await AnswerAsync(new ThrottleGrant(Now, Step, 1));
        Assert.False(_throttle.TryTake(Now));
        Assert.False(_throttle.MayTake(Now, 2));
        Assert.Equal(20, _grants.Asked[^1].Rate);

        _throttle.Rate = null;
        Assert.True(_throttle.TryTake(Now));
    }

    [Fact]
    public void Three_endpoints_with_a_backlog_get_the_rate_together_and_none_goes_without()
    {
        var allocator = new RateAllocator(Now);
        _grants.Allocate = (wanted, rate) => allocator.Reserve(wanted, rate, Now);
        var throttles = Enumerable.Range(0, 3).Select(_ => new ApplicationThrottle("app_1", _grants, _time, () => { }, NullLogger.Instance) { Rate = 100 }).ToList();
        var counts = new int[3];
        for (var millisecond = 0; millisecond < 60_000; millisecond++)
        {
            for (var i = 0; i < 3; i++)
            {
                while (throttles[i].MayTake(Now, 64) && throttles[i].TryTake(Now))
                {
                    counts[i]++;
                }
            }

            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(counts.Sum(), 5700, 6300);
        Assert.All(counts, static count => Assert.InRange(count, 1000, 3000));
        throttles.ForEach(static t => t.Dispose());
    }

    private async Task GrantAsync(int ready)
    {
        Assert.False(_throttle.MayTake(Now, ready));
        await AnswerAsync(new ThrottleGrant(Now, TimeSpan.Zero, _grants.Asked[^1].Wanted));
    }

    private async Task AnswerAsync(ThrottleGrant grant)
    {
        var before = Volatile.Read(ref _changed);
        _grants.Answer(grant);
        await Eventually.TrueAsync(() => Volatile.Read(ref _changed) > before, "the grant arrives");
    }

    private void UseAll()
    {
        while (_throttle.TryTake(Now))
        {
        }
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !await Eventually.WithinAsync(() => Task.FromResult(condition()), TimeSpan.FromMilliseconds(1)); i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.True(condition());
    }

    /// <summary>In place of the application's throttle.</summary>
    private sealed class Grants : IApplicationThrottleGrain
    {
        private TaskCompletionSource<ThrottleGrant> _answer = new();

        public List<(int Wanted, int Rate)> Asked { get; } = [];

        public Func<int, int, ThrottleGrant>? Allocate { get; set; }

        public Task<ThrottleGrant> Reserve(int wanted, int rate)
        {
            Asked.Add((wanted, rate));
            if (Allocate is { } allocate)
            {
                return Task.FromResult(allocate(wanted, rate));
            }

            _answer = new TaskCompletionSource<ThrottleGrant>();
            return _answer.Task;
        }

        public void Answer(ThrottleGrant grant) => _answer.SetResult(grant);

        public void Fail(Exception error) => _answer.SetException(error);
    }
}
