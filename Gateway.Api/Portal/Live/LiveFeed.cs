using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Portal.Live;

/// <summary>
/// What happens at endpoints, for the pages of this gateway: one subscription per endpoint, however many pages look at it,
/// kept up while one does, whatever becomes of the silo that tells.
/// </summary>
internal sealed partial class LiveFeed(IGrainFactory grains, IOptions<PortalOptions> options, TimeProvider time, ILogger<LiveFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WatchedEndpoint> _endpoints = new(StringComparer.Ordinal);
    private int _pages;

    /// <summary>Calls <paramref name="told"/> from now on, on any thread. Null when too many pages are told already.</summary>
    /// <param name="endpoint">Text id. Whether the caller may see it has been checked.</param>
    public async Task<IDisposable?> WatchAsync(string endpoint, Action<EndpointNews> told)
    {
        WatchedEndpoint watched;
        bool isNew;
        lock (_lock)
        {
            if (_pages >= options.Value.LivePages)
            {
                return null;
            }

            _pages++;
            isNew = !_endpoints.TryGetValue(endpoint, out watched!);
            if (isNew)
            {
                watched = new WatchedEndpoint(endpoint, grains, Leaves);
                _endpoints.Add(endpoint, watched);
            }

            watched.Add(told);
        }

        if (isNew)
        {
            await AskAsync(watched);
        }

        return new Subscription(this, watched, told);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Renewal, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            WatchedEndpoint[] all;
            lock (_lock)
            {
                all = [.. _endpoints.Values];
            }

            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken }, async (watched, _) => await AskAsync(watched));
        }
    }

    private async Task AskAsync(WatchedEndpoint watched)
    {
        try
        {
            var answer = await grains.GetGrain<IEndpointGrain>(watched.Id).Watch(watched.Reference);
            if (answer == WatchAnswer.Added)
            {
                // Something may have happened that nobody was told of.
                watched.Tell(new EndpointNews(watched.Id, [], 0, null, Changed: true, Leaving: false));
            }
            else if (answer == WatchAnswer.Refused)
            {
                Log.Refused(logger, watched.Id);
            }
        }
        catch (Exception error)
        {
            // Asked again with the next renewal.
            Log.NotAsked(logger, error, watched.Id);
        }
    }

    private void Leaves(WatchedEndpoint watched) => _ = AskAgainAsync(watched);

    private async Task AskAgainAsync(WatchedEndpoint watched)
    {
        // The one that leaves is still in the directory for a moment.
        await Task.Delay(Again, time);
        bool wanted;
        lock (_lock)
        {
            wanted = _endpoints.GetValueOrDefault(watched.Id) == watched;
        }

        if (wanted)
        {
            await AskAsync(watched);
        }
    }

    private void End(WatchedEndpoint watched, Action<EndpointNews> told)
    {
        lock (_lock)
        {
            _pages--;
            if (watched.Remove(told) > 0)
            {
                return;
            }

            _endpoints.Remove(watched.Id);
        }

        grains.GetGrain<IEndpointGrain>(watched.Id).Unwatch(watched.Reference).Ignore();
        watched.Dispose();
    }

    private sealed class Subscription(LiveFeed feed, WatchedEndpoint watched, Action<EndpointNews> told) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                feed.End(watched, told);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2401, LogLevel.Information, "Pages are not told of endpoint {Endpoint} for now; this is asked again")]
        public static partial void NotAsked(ILogger logger, Exception error, string endpoint);

        [LoggerMessage(2402, LogLevel.Warning, "Too many gateways are told of endpoint {Endpoint}: pages of this one are not")]
        public static partial void Refused(ILogger logger, string endpoint);
    }
}
