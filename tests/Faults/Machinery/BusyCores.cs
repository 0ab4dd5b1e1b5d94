using System.Globalization;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Machinery;

/// <summary>Processes that do nothing but use the machine's cores, for a time.</summary>
internal sealed class BusyCores : IAsyncDisposable
{
    private readonly ChildProcess[] _processes;
    private readonly int[] _ids;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ended;

    private BusyCores(ChildProcess[] processes, TimeSpan duration)
    {
        _processes = processes;
        _ids = [.. processes.Select(static p => p.Id)];
        _ended = EndAsync(duration);
    }

    /// <summary>Their ids, while they run.</summary>
    public IReadOnlyList<int> Ids => _ended.IsCompleted ? [] : _ids;

    /// <summary>Completes when the time is over or it was disposed, and none is left.</summary>
    public Task Ended => _ended;

    /// <param name="processes">How many; each uses one core.</param>
    /// <param name="duration">How long; bounded by the kernel too, should this process not live to end them.</param>
    public static BusyCores Start(int processes, TimeSpan duration)
    {
        // Processor time never runs faster than the clock on the wall, so this limit is never the first.
        var seconds = Math.Ceiling(duration.TotalSeconds + 1).ToString(CultureInfo.InvariantCulture);
        return new BusyCores(
            [.. Enumerable.Range(0, processes).Select(_ => ChildProcess.Start("sh", ["-c", $"ulimit -t {seconds}; while :; do :; done"]))],
            duration);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ended;
        _stop.Dispose();
    }

    private async Task EndAsync(TimeSpan duration)
    {
        await Task.Delay(duration, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
