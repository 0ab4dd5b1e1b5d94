using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Gateway.Api.Portal.Overview;

/// <summary>
/// Looks at all silos once a second, one call for each, while somebody looks here, and not at all while nobody does.
/// Thread-safe.
/// </summary>
internal sealed partial class SystemWatch(IGrainFactory grains, ClusterState cluster, IOptions<PortalOptions> options, TimeProvider time, ILogger<SystemWatch> logger)
{
    private const int MostListed = 20;
    private const int Minute = 60;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A silo that takes longer is shown as one that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Watchers _watchers = new(options.Value.LivePages);
    private readonly Lock _lock = new();
    private bool _running;
    private volatile SystemSnapshot? _last;

    /// <summary>What was seen last; null before the first look, or when that is long ago.</summary>
    public SystemSnapshot? Last => _last is { } last && time.GetUtcNow() - last.At < Interval * 5 ? last : null;

    /// <summary>Told after each look. Null when too many look already.</summary>
    public Watch? TryEnter()
    {
        var watch = _watchers.TryEnter();
        lock (_lock)
        {
            if (watch is not null && !_running)
            {
                _running = true;
                _ = RunAsync();
            }
        }

        return watch;
    }

    private async Task RunAsync()
    {
        var series = new RateSeries();
        var history = new Queue<Rates>();
        IReadOnlyList<SiloMember> members = [];
        using var timer = new PeriodicTimer(Interval);
        do
        {
            members = await ListAsync() ?? members;
            var views = await Task.WhenAll(members.Select(member => LookAsync(member, series)));
            lock (series)
            {
                series.Keep(members.Select(static m => m.Address));
            }

            var total = Rates.Sum(views.Select(static v => v.Rates));
            history.Enqueue(total);
            if (history.Count > Minute)
            {
                history.Dequeue();
            }

            var oldest = views.SelectMany(static v => v.Report?.Oldest ?? []).OrderBy(static o => o.Since).Take(MostListed);
            _last = new SystemSnapshot(time.GetUtcNow(), cluster.Trouble, views, total, [.. history], [.. oldest]);
            _watchers.Tell();
            await timer.WaitForNextTickAsync();
        }
        while (IsWanted());
    }

    private bool IsWanted()
    {
        lock (_lock)
        {
            return _running = _watchers.Count > 0;
        }
    }

    private async Task<IReadOnlyList<SiloMember>?> ListAsync()
    {
        try
        {
            return await grains.GetGrain<ISiloList>(0).List().WaitAsync(Patience);
        }
        catch (Exception error)
        {
            // Whatever it is, the page goes on with those that were known and says which do not answer.
            Log.NoList(logger, error);
            return null;
        }
    }

    private async Task<SiloView> LookAsync(SiloMember member, RateSeries series)
    {
        if (!member.Lives)
        {
            return new SiloView(member, null, Rates.None);
        }

        try
        {
            var report = await grains.GetGrain<ISiloReports>(member.Address).Look().WaitAsync(Patience);
            lock (series)
            {
                return new SiloView(member, report, series.Add(report));
            }
        }
        catch (Exception error)
        {
            Log.NoReport(logger, error, member.Address);
            return new SiloView(member, null, Rates.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Debug, "No silo said which silos there are")]
        public static partial void NoList(ILogger logger, Exception error);

        [LoggerMessage(2302, LogLevel.Debug, "Silo {Silo} did not say how it is")]
        public static partial void NoReport(ILogger logger, Exception error, string silo);
    }
}
