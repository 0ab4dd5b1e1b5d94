using Webhooks.Grains.Retries;
using Xunit;

namespace Webhooks.Grains.Tests.Retries;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData(" 120 ", 120.0)]
    [InlineData("0", 0.0)]
    [InlineData("1.2", 2.0)]
    [InlineData("99999999999999999999999", 10 * 365 * 86400.0)]
    [InlineData("Sun, 01 Mar 2026 12:01:30 GMT", 90.0)]
    [InlineData("Sun, 1 Mar 2026 12:01:30 GMT", 90.0)]
    [InlineData("Sun, 01 Mar 2026 13:01:30 +0100", 90.0)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", 0.0)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Seconds_and_dates_are_understood_and_nothing_else(string? text, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(text, s_now)?.TotalSeconds);
}
