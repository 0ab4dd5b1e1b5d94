using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Portal.Tasks;

/// <summary>
/// What an organization's tasks in the background have got on to, as their endpoints tell it: one subscription per
/// organization and gateway, while somebody looks. Thread-safe.
/// </summary>
internal sealed class TaskWatch(IGrainFactory grains, IOptions<PortalOptions> options, ILoggerFactory loggers)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>A place at the organization's tasks; null when too many look already. Whoever gets it disposes it.</summary>
    public (TaskFeed Feed, Watch Watch)? TryEnter(string organization)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(organization, out var feed))
            {
                feed = new TaskFeed(organization, options.Value.LivePages, grains, loggers.CreateLogger<TaskFeed>());
            }

            if (feed.Watchers.TryEnter() is not { } watch)
            {
                return null;
            }

            if (_feeds.TryAdd(organization, feed))
            {
                _ = RunAsync(organization, feed);
            }

            return (feed, watch);
        }
    }

    private async Task RunAsync(string organization, TaskFeed feed)
    {
        await feed.RunAsync(() =>
        {
            lock (_lock)
            {
                if (feed.Watchers.Count > 0)
                {
                    return true;
                }

                _feeds.Remove(organization);
                return false;
            }
        });
    }
}
