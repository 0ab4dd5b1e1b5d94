using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Matching;

/// <summary>
/// Who receives a message, for all endpoints of one application: candidates by event type instead of a look at each
/// endpoint. Immutable but for its cache of answers; safe for several threads.
/// </summary>
internal sealed class RoutingIndex
{
    /// <summary>Ordinals that cached answers hold together unless told otherwise (4 bytes each).</summary>
    public const int DefaultCachedOrdinals = 256 * 1024;

    // The endpoints that may want an event type, ascending, and the answer for its messages without channels.
    private sealed class Candidates(EndpointMatcher[] matchers)
    {
        public EndpointMatcher[] Matchers { get; } = matchers;

        public int[]? WithoutChannels;
    }

    private readonly Dictionary<string, Candidates> _byType;
    private readonly Candidates _catchAll;
    private int _cacheRoom;

    /// <param name="endpoints">Each ordinal once, in any order.</param>
    /// <param name="cachedOrdinals">The bound of the cache.</param>
    public RoutingIndex(IEnumerable<EndpointMatcher> endpoints, int cachedOrdinals = DefaultCachedOrdinals)
    {
        _cacheRoom = cachedOrdinals;
        var sorted = endpoints.OrderBy(static endpoint => endpoint.Ordinal).ToArray();
        var catchAll = Array.FindAll(sorted, static endpoint => endpoint.EventTypes is null);
        var lists = new Dictionary<string, List<EndpointMatcher>>(StringComparer.Ordinal);
        foreach (var endpoint in sorted)
        {
            foreach (var type in endpoint.EventTypes?.Items ?? [])
            {
                if (!lists.TryGetValue(type, out var list))
                {
                    lists.Add(type, list = []);
                }

                list.Add(endpoint);
            }
        }

        _catchAll = new Candidates(catchAll);
        _byType = new Dictionary<string, Candidates>(lists.Count, StringComparer.Ordinal);
        foreach (var (type, list) in lists)
        {
            _byType.Add(type, new Candidates([.. list]));
        }
    }

    /// <summary>An index of endpoints whose matchers are not at hand.</summary>
    public static RoutingIndex Of(IEnumerable<EndpointDetails> endpoints) =>
        new(endpoints.Select(static endpoint => new EndpointMatcher(endpoint)));

    /// <summary>Ordinals of the recipients, ascending. The array may be shared with other answers: not to be written to.</summary>
    public int[] Match(string eventType, IReadOnlyList<string>? channels)
    {
        var named = _byType.GetValueOrDefault(eventType);
        if (channels is { Count: > 0 })
        {
            return Merge(named, channels);
        }

        var entry = named ?? _catchAll;
        return Volatile.Read(ref entry.WithoutChannels) ?? Remember(entry, Merge(named, null));
    }

    private int[] Remember(Candidates entry, int[] answer)
    {
        if (Interlocked.Add(ref _cacheRoom, -answer.Length) >= 0)
        {
            Volatile.Write(ref entry.WithoutChannels, answer);
        }
        else
        {
            Interlocked.Add(ref _cacheRoom, answer.Length);
        }

        return answer;
    }

    private int[] Merge(Candidates? named, IReadOnlyList<string>? channels)
    {
        var left = named?.Matchers ?? [];
        var right = _catchAll.Matchers;
        var ordinals = new int[left.Length + right.Length];
        var count = 0;
        for (int l = 0, r = 0; l < left.Length || r < right.Length;)
        {
            var next = r == right.Length || (l < left.Length && left[l].Ordinal < right[r].Ordinal) ? left[l++] : right[r++];
            if (next.MatchesChannels(channels))
            {
                ordinals[count++] = next.Ordinal;
            }
        }

        return count == ordinals.Length ? ordinals : ordinals[..count];
    }
}
