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

    private readonly Dictionary<string, RoutingNode> _byType = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoutingNode> _byPrefix = new(StringComparer.Ordinal);
    private readonly RoutingNode _catchAll;
    private int _cacheRoom;

    /// <param name="endpoints">Each ordinal once, in any order.</param>
    /// <param name="cachedOrdinals">The bound of the cache.</param>
    public RoutingIndex(IEnumerable<EndpointMatcher> endpoints, int cachedOrdinals = DefaultCachedOrdinals)
    {
        _cacheRoom = cachedOrdinals;
        var sorted = endpoints.OrderBy(static endpoint => endpoint.Ordinal).ToArray();
        _catchAll = new RoutingNode(null, Array.FindAll(sorted, static endpoint => endpoint.WantsAllTypes));
        // Short prefixes first: each node hangs below the next shorter pattern that matches whatever it matches.
        foreach (var (prefix, list) in Group(sorted, static endpoint => endpoint.Prefixes).OrderBy(static group => group.Key.Length))
        {
            _byPrefix.Add(prefix, new RoutingNode(NearestPattern(prefix + "."), [.. list]));
        }

        foreach (var (type, list) in Group(sorted, static endpoint => endpoint.Types))
        {
            _byType.Add(type, new RoutingNode(NearestPattern(type), [.. list]));
        }
    }

    /// <summary>An index of endpoints whose matchers are not at hand.</summary>
    public static RoutingIndex Of(IEnumerable<EndpointDetails> endpoints) =>
        new(endpoints.Select(static endpoint => new EndpointMatcher(endpoint)));

    /// <summary>Ordinals of the recipients, ascending. The array may be shared with other answers: not to be written to.</summary>
    public int[] Match(string eventType, IReadOnlyList<string>? channels, byte[]? payload)
    {
        var node = Find(eventType);
        var unfiltered = MatchUnfiltered(node, channels);
        if (!node.HasFilters)
        {
            return unfiltered;
        }

        using var message = new MessagePayload(payload);
        return RoutingNode.Merge(unfiltered, node.CollectFiltered(channels, message));
    }

    /// <summary>The same for whichever payload: those who would receive the message if it passed their filters.</summary>
    public int[] MatchAnyPayload(string eventType, IReadOnlyList<string>? channels)
    {
        var node = Find(eventType);
        var unfiltered = MatchUnfiltered(node, channels);
        return node.HasFilters ? RoutingNode.Merge(unfiltered, node.CollectFiltered(channels, null)) : unfiltered;
    }

    private static Dictionary<string, List<EndpointMatcher>> Group(EndpointMatcher[] endpoints, Func<EndpointMatcher, IEnumerable<string>> names)
    {
        var lists = new Dictionary<string, List<EndpointMatcher>>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            foreach (var name in names(endpoint))
            {
                if (!lists.TryGetValue(name, out var list))
                {
                    lists.Add(name, list = []);
                }

                list.Add(endpoint);
            }
        }

        return lists;
    }

    private RoutingNode Find(string eventType) => _byType.GetValueOrDefault(eventType) ?? NearestPattern(eventType);

    private RoutingNode NearestPattern(string name)
    {
        if (_byPrefix.Count > 0)
        {
            var lookup = _byPrefix.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var length = EventTypePattern.LongestPrefix(name); length > 0; length = EventTypePattern.ShorterPrefix(name, length))
            {
                if (lookup.TryGetValue(name.AsSpan(0, length), out var node))
                {
                    return node;
                }
            }
        }

        return _catchAll;
    }

    private int[] MatchUnfiltered(RoutingNode node, IReadOnlyList<string>? channels) => channels is { Count: > 0 }
        ? node.Collect(channels)
        : Volatile.Read(ref node.WithoutChannels) ?? Remember(node, node.Collect(null));

    private int[] Remember(RoutingNode node, int[] answer)
    {
        if (Interlocked.Add(ref _cacheRoom, -answer.Length) >= 0)
        {
            Volatile.Write(ref node.WithoutChannels, answer);
        }
        else
        {
            Interlocked.Add(ref _cacheRoom, answer.Length);
        }

        return answer;
    }
}
