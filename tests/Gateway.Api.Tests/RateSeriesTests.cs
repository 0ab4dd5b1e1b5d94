using Webhooks.Gateway.Api.Portal.Overview;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Rates out of what silos have counted.</summary>
public sealed class RateSeriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_rate_is_what_was_counted_over_the_last_seconds()
    {
        var series = new RateSeries();
        Assert.Equal(0, series.Add(Report("a", 0, 1000, 0)).Accepted);
        Assert.Equal(100, series.Add(Report("a", 1, 1100, 10)).Accepted);
        for (var second = 2; second <= 20; second++)
        {
            series.Add(Report("a", second, 1100, 10));
        }

        var busy = series.Add(Report("a", 21, 1600, 60));
        Assert.Equal((100, 10, 0), (busy.Accepted, busy.Succeeded, busy.Failed));
    }

    [Fact]
    public void The_same_report_again_changes_nothing_and_a_silo_started_anew_counts_anew()
    {
        var series = new RateSeries();
        series.Add(Report("a", 0, 0, 0));
        var rates = series.Add(Report("a", 2, 50, 0));
        Assert.Equal(rates.Accepted, series.Add(Report("a", 2, 50, 0)).Accepted);
        series.Keep(["b"]);
        Assert.Equal(0, series.Add(Report("a", 3, 60, 0)).Accepted);
        Assert.Equal(0, series.Add(Report("b", 3, 7, 7)).Accepted);
    }

    [Fact]
    public void Silos_together_are_the_sum()
    {
        var sum = Rates.Sum([new Rates(1, new Dictionary<string, double> { ["success"] = 2, ["timed_out"] = 1 }), new Rates(3, new Dictionary<string, double> { ["success"] = 4, ["refused"] = 5 })]);
        Assert.Equal((4, 6, 6), (sum.Accepted, sum.Succeeded, sum.Failed));
    }

    private static SiloReport Report(string silo, int second, long accepted, long succeeded) => new()
    {
        Silo = silo,
        At = Start.AddSeconds(second),
        StartedAt = Start,
        Accepted = accepted,
        Attempts = new Dictionary<string, long> { ["success"] = succeeded },
    };
}
