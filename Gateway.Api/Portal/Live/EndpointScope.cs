using Webhooks.Gateway.Api.Portal.Models;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Portal.Live;

/// <summary>What the tabs of an endpoint's page share: the endpoint, and what happens there.</summary>
public sealed class EndpointScope
{
    /// <summary>The application, as the address names it.</summary>
    public required string App { get; init; }

    /// <summary>The endpoint as it was read last.</summary>
    public required EndpointModel Endpoint { get; set; }

    /// <summary>Reads the endpoint again and draws the page anew.</summary>
    public required Func<Task> ReloadAsync { get; init; }

    /// <summary>Whether the page is told of what happens; null while it asks.</summary>
    public bool? IsLive { get; set; }

    /// <summary>Raised on any thread.</summary>
    public event Action<EndpointNews>? Happened;

    /// <summary>Tells those that listen.</summary>
    public void Tell(EndpointNews news) => Happened?.Invoke(news);
}
