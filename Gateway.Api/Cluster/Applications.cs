using Microsoft.Extensions.Caching.Memory;
using Webhooks.Gateway.Api.Authentication;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>Finds the application that a path names, and speaks to its grain.</summary>
internal sealed class Applications(GrainCalls calls)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _uids = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>The application, read from the store.</summary>
    public async Task<ApplicationDetails> FindAsync(Caller caller, string idOrUid) =>
        await FindOrNullAsync(caller, idOrUid) ?? throw ApiException.NotFound("Application not found.");

    /// <summary>The same, or null.</summary>
    public async Task<ApplicationDetails?> FindOrNullAsync(Caller caller, string idOrUid)
    {
        var found = await calls.ReadAsync(g => g.GetGrain<IApplicationQueries>(0).Find(caller.Organization, idOrUid));
        return found is not null && (caller.Application is null || caller.Application == found.Id) ? found : null;
    }

    /// <summary>The text id for reads, without asking the store again for a while.</summary>
    public async Task<string> ResolveAsync(Caller caller, string idOrUid)
    {
        if (!_uids.TryGetValue<string>((caller.Organization, idOrUid), out var id))
        {
            id = await LookUpAsync(caller, idOrUid) ?? throw ApiException.NotFound("Application not found.");
        }

        return caller.Application is null || caller.Application == id ? id! : throw ApiException.NotFound("Application not found.");
    }

    /// <summary>Calls the application's grain; a uid that has moved meanwhile is resolved once more.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="idOrUid">The path's name of it.</param>
    /// <param name="repeatable">Whether the call may be repeated after a fault.</param>
    /// <param name="call">The call; its flag says that an earlier one may have been carried out.</param>
    public async Task<Answer<T>> CallAsync<T>(Caller caller, string idOrUid, bool repeatable, Func<IApplicationGrain, ApplicationAddress, bool, Task<Answer<T>>> call)
        where T : class
    {
        var address = new ApplicationAddress(caller.Organization, idOrUid);
        var isId = EntityId.TryParse(EntityId.Application, idOrUid, out _);
        var cached = true;
        for (var round = 0; ; round++)
        {
            var id = idOrUid;
            if (!isId)
            {
                cached = _uids.TryGetValue((caller.Organization, idOrUid), out id);
                id ??= await LookUpAsync(caller, idOrUid);
            }

            if (id is null || (caller.Application is not null && caller.Application != id))
            {
                return new Refusal(RefusalKind.NotFound, "not_found", "Application not found.");
            }

            var answer = repeatable
                ? await calls.PersistAsync((g, repeat) => call(g.GetGrain<IApplicationGrain>(id), address, repeat))
                : await calls.OnceAsync(g => call(g.GetGrain<IApplicationGrain>(id), address, false));
            if (isId || round > 0 || !cached || answer.Refusal?.Kind != RefusalKind.NotFound)
            {
                return answer;
            }

            _uids.Remove((caller.Organization, idOrUid));
        }
    }

    /// <summary>Forgets a name that was given up or has moved.</summary>
    public void Forget(Caller caller, string? idOrUid)
    {
        if (idOrUid is not null)
        {
            _uids.Remove((caller.Organization, idOrUid));
        }
    }

    private async Task<string?> LookUpAsync(Caller caller, string idOrUid)
    {
        // With a publish's patience: it is the first part of one.
        var found = await calls.PersistAsync((g, _) => g.GetGrain<IApplicationQueries>(0).Find(caller.Organization, idOrUid));
        if (found is not null)
        {
            _uids.Set((caller.Organization, idOrUid), found.Id, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        }

        return found?.Id;
    }
}
