using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Grains.Hosting;

namespace Webhooks.Grains.Tests.Hosting;

public sealed class SteadyClockTests
{
    [Fact]
    public void It_follows_the_store_ahead_and_never_back()
    {
        var clock = new SteadyClock();
        var start = clock.GetUtcNow();

        clock.Follow(start.AddHours(1));
        Assert.InRange(clock.GetUtcNow(), start.AddHours(1), start.AddHours(1).AddMinutes(1));

        clock.Follow(start);
        Assert.InRange(clock.GetUtcNow(), start.AddHours(1), start.AddHours(1).AddMinutes(1));
    }

    [Fact]
    public void It_takes_the_place_of_the_systems_time_but_not_of_a_tests()
    {
        var usual = new ServiceCollection().AddSingleton(TimeProvider.System);
        SteadyClock.AddTo(usual);
        using var services = usual.BuildServiceProvider();
        Assert.IsType<SteadyClock>(services.GetRequiredService<TimeProvider>());

        var test = new FakeTimeProvider();
        var moved = new ServiceCollection().AddSingleton<TimeProvider>(test);
        SteadyClock.AddTo(moved);
        using var tested = moved.BuildServiceProvider();
        Assert.Same(test, tested.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public void The_store_clock_hands_its_readings_on()
    {
        var steady = new SteadyClock();
        var store = new StoreClock(steady);
        var later = steady.GetUtcNow().AddDays(1);

        store.Set(later);

        Assert.InRange(store.GetUtcNow(), later, later.AddMinutes(1));
        Assert.InRange(steady.GetUtcNow(), later, later.AddMinutes(1));
    }
}
