using System.Diagnostics;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class BusyCoresTests
{
    [Fact]
    public async Task They_use_processor_time_until_their_time_is_over()
    {
        await using var busy = BusyCores.Start(2, TimeSpan.FromSeconds(2));
        var processes = busy.Ids.Select(Process.GetProcessById).ToArray();
        Assert.Equal(2, processes.Length);

        await Eventually.TrueAsync(() => Array.TrueForAll(processes, static p => Used(p) > TimeSpan.FromMilliseconds(200)), "each has used processor time");
        await busy.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.All(processes, static p => Assert.True(p.HasExited));
        Assert.Empty(busy.Ids);
    }

    [Fact]
    public async Task They_end_when_they_are_no_longer_wanted()
    {
        var busy = BusyCores.Start(1, TimeSpan.FromHours(1));
        var process = Process.GetProcessById(Assert.Single(busy.Ids));
        await busy.DisposeAsync();
        Assert.True(process.HasExited);
    }

    private static TimeSpan Used(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
