using Webhooks.Gateway.Api.Portal.Calls;
using Webhooks.Gateway.Api.Portal.Models;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Portal.Live;

/// <summary>The live feed for one session: of endpoints that it may see, and of no others.</summary>
internal sealed class PortalLive(PortalApi api, LiveFeed feed)
{
    /// <summary>Tells the page from now on; null when it may not see the endpoint, or too many pages are told.</summary>
    public async Task<IDisposable?> WatchAsync(string application, string endpoint, Action<EndpointNews> told)
    {
        // The API itself says whether this session may, and what the endpoint's id is.
        var answer = await api.GetAsync(ApiPath.Of($"/app/{application}/endpoint/{endpoint}"));
        return answer.Ok ? await feed.WatchAsync(answer.Read<EndpointModel>().Id, told) : null;
    }
}
