using System.Globalization;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class FakeClockTests
{
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_clock_of_a_process_jumps_ahead_and_back_while_it_runs()
    {
        Machine.Offers(FakeClock.Unavailable());
        using var clock = new FakeClock();
        // Bash looks at the clock by itself, without a new process.
        await using var process = ChildProcess.Start("bash", ["-c", "while :; do printf '%(%s)T\\n' -1; read -rt 0.02; done"], clock.Variables);

        await ShowsAsync(process, TimeSpan.Zero);
        clock.Jump(TimeSpan.FromHours(1));
        await ShowsAsync(process, TimeSpan.FromHours(1));
        clock.Jump(TimeSpan.FromHours(-3));
        Assert.Equal(TimeSpan.FromHours(-2), clock.Offset);
        await ShowsAsync(process, TimeSpan.FromHours(-2));
        clock.Reset();
        await ShowsAsync(process, TimeSpan.Zero);
    }

    private static Task ShowsAsync(ChildProcess process, TimeSpan offset) => Eventually.TrueAsync(
        () => process.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last]
            && IsNear(DateTimeOffset.FromUnixTimeSeconds(long.Parse(last, CultureInfo.InvariantCulture)) - TimeProvider.System.GetUtcNow(), offset),
        $"the process sees the time {offset} ahead");

    private static bool IsNear(TimeSpan one, TimeSpan other) => (one - other).Duration() < Near;
}
