using Webhooks.Faults.Recording;
using Xunit;

namespace Webhooks.Faults.Tests.Recording;

public sealed class LatenciesTests
{
    [Fact]
    public void Percentiles_are_right_to_a_tenth()
    {
        var latencies = new Latencies();
        for (var milliseconds = 1; milliseconds <= 1_000; milliseconds++)
        {
            latencies.Add(milliseconds);
        }

        Assert.Equal(1_000, latencies.Count);
        Assert.InRange(latencies.Percentile(0.5), 500, 550);
        Assert.InRange(latencies.Percentile(0.99), 990, 1_089);
    }

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Equal(double.NaN, new Latencies().Percentile(0.5));
}
