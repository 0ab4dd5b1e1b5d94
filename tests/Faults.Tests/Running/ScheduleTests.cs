using Webhooks.Faults.Injection;
using Webhooks.Faults.Running;
using Xunit;

namespace Webhooks.Faults.Tests.Running;

public sealed class ScheduleTests
{
    [Fact]
    public void Each_kind_comes_once_before_any_comes_again()
    {
        var schedule = new Schedule(Catalogue.All, new Random(5));
        for (var round = 0; round < 3; round++)
        {
            var drawn = Catalogue.All.Select(_ => schedule.Next().Kind).ToList();
            Assert.Equal(Catalogue.All.Select(static fault => fault.Kind).Order(), drawn.Order());
        }
    }

    [Fact]
    public void A_seed_repeats_a_schedule()
    {
        var (one, other) = (new Schedule(Catalogue.All, new Random(5)), new Schedule(Catalogue.All, new Random(5)));
        Assert.Equal(Enumerable.Range(0, 30).Select(_ => one.Next().Kind), Enumerable.Range(0, 30).Select(_ => other.Next().Kind));
    }

    [Fact]
    public void Kinds_have_names_of_their_own() => Assert.Equal(Catalogue.All.Count, Catalogue.All.DistinctBy(static fault => fault.Kind).Count());
}
