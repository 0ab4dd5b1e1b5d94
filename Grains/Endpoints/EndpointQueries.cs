using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

[StatelessWorker]
[GrainType("endpoint-queries")]
internal sealed class EndpointQueries(IConfigurationStore store, StoreClock clock) : Grain, IEndpointQueries
{
    public async Task<EndpointDetails?> Find(string application, string idOrUid) =>
        EntityId.TryParse(EntityId.Application, application, out var id)
            ? await store.FindEndpointAsync(id, idOrUid, CancellationToken.None)
            : null;

    public async Task<Page<EndpointDetails>> List(string application, PageRequest page) =>
        EntityId.TryParse(EntityId.Application, application, out var id)
            ? await store.ListEndpointsAsync(id, page, CancellationToken.None)
            : new Page<EndpointDetails>([], false);

    public Task<string?> TryFilters(EndpointDetails endpoint, string eventType, IReadOnlyList<string>? channels, byte[] payload) =>
        Task.FromResult(new EndpointMatcher(endpoint).Refusal(eventType, channels, payload));

    public async Task<IReadOnlyList<byte[]>?> ListPublicKeys(string endpoint)
    {
        if (!EntityId.TryParse(EntityId.Endpoint, endpoint, out var id) || await store.FindEndpointAsync(id, CancellationToken.None) is not { } found)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        return found.Secrets.Where(s => s.ExpiresAt is null || s.ExpiresAt > now).Select(static s => SigningKeys.PublicHalf(s.Key)).OfType<byte[]>().ToArray();
    }
}
