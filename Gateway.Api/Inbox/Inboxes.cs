using Microsoft.Extensions.Options;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>
/// The inboxes of this gateway, in its memory alone: one comes to be with the first look or request that has an id that was
/// given out, and goes when others need its place.
/// </summary>
internal sealed class Inboxes(InboxIds ids, IOptions<InboxOptions> options, IHostEnvironment environment)
{
    private sealed record Kept(InboxState Inbox)
    {
        public long UsedAt { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private long _uses;

    public bool Enabled => options.Value.Enabled ?? environment.IsDevelopment();

    public string Create() => ids.Create();

    /// <summary>The inbox, or null when the id was never given out or there are no inboxes.</summary>
    public InboxState? Find(string id)
    {
        if (!Enabled || !ids.IsOurs(id))
        {
            return null;
        }

        lock (_lock)
        {
            if (!_kept.TryGetValue(id, out var kept))
            {
                if (_kept.Count >= options.Value.MaxInboxes)
                {
                    // Before those that somebody looks at, if it can be.
                    _kept.Remove(_kept.MinBy(static k => (k.Value.Inbox.Watchers.Count > 0, k.Value.UsedAt)).Key);
                }

                _kept[id] = kept = new Kept(new InboxState(id, options.Value));
            }

            kept.UsedAt = ++_uses;
            return kept.Inbox;
        }
    }

    /// <summary>An endpoint was created, changed or read: if its URL is an inbox, that one can check its signatures.</summary>
    public EndpointDetails Notice(EndpointDetails endpoint)
    {
        if (Enabled && ids.FindIn(endpoint.Url) is { } id)
        {
            Find(id)?.Know(new InboxEndpoint(endpoint.ApplicationId, endpoint.Id));
        }

        return endpoint;
    }

    /// <summary>Whether a URL leads to this inbox.</summary>
    public bool LeadsTo(string url, InboxState inbox) => ids.FindIn(url) == inbox.Id;
}
