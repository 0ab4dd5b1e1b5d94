using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Portal.Live;

/// <summary>An endpoint that pages of this gateway look at.</summary>
internal sealed class WatchedEndpoint : IEndpointWatcher, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Action<EndpointNews>> _pages = [];
    private readonly IGrainFactory _grains;
    private readonly Action<WatchedEndpoint> _leaves;

    public WatchedEndpoint(string id, IGrainFactory grains, Action<WatchedEndpoint> leaves)
    {
        Id = id;
        _grains = grains;
        _leaves = leaves;
        Reference = grains.CreateObjectReference<IEndpointWatcher>(this);
    }

    public string Id { get; }

    /// <summary>By which the grain calls back.</summary>
    public IEndpointWatcher Reference { get; }

    public Task Happened(EndpointNews news)
    {
        if (news.Leaving)
        {
            _leaves(this);
        }
        else
        {
            Tell(news);
        }

        return Task.CompletedTask;
    }

    public void Tell(EndpointNews news)
    {
        Action<EndpointNews>[] pages;
        lock (_lock)
        {
            pages = [.. _pages];
        }

        foreach (var page in pages)
        {
            page(news);
        }
    }

    public void Add(Action<EndpointNews> page)
    {
        lock (_lock)
        {
            _pages.Add(page);
        }
    }

    /// <summary>How many are left.</summary>
    public int Remove(Action<EndpointNews> page)
    {
        lock (_lock)
        {
            _pages.Remove(page);
            return _pages.Count;
        }
    }

    public void Dispose() => _grains.DeleteObjectReference<IEndpointWatcher>(Reference);
}
