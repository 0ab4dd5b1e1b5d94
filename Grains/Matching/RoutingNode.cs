namespace Webhooks.Grains.Matching;

/// <summary>
/// The endpoints that name one event type, or one pattern. Those that also want its messages hang above: the endpoints of
/// each shorter pattern that matches, and at the top those that want all types. No endpoint stands twice on one way up.
/// </summary>
internal sealed class RoutingNode(RoutingNode? above, EndpointMatcher[] endpoints)
{
    private readonly EndpointMatcher[] _unfiltered = Array.FindAll(endpoints, static endpoint => !endpoint.HasFilter);
    private readonly EndpointMatcher[] _filtered = Array.FindAll(endpoints, static endpoint => endpoint.HasFilter);

    /// <summary>Whether the payload decides about any endpoint from here up.</summary>
    public bool HasFilters { get; } = above?.HasFilters == true || endpoints.Any(static endpoint => endpoint.HasFilter);

    /// <summary>The cached answer of <see cref="Collect"/> for messages without channels: it depends on no payload.</summary>
    public int[]? WithoutChannels;

    /// <summary>Ordinals of the endpoints without payload filter, from here up, that take such channels; ascending.</summary>
    public int[] Collect(IReadOnlyList<string>? channels)
    {
        var own = Select(_unfiltered, channels, null);
        return above is null ? own : Merge(own, above.Collect(channels));
    }

    /// <summary>Ordinals of those with one that the payload passes; of all of them when it is null.</summary>
    public int[] CollectFiltered(IReadOnlyList<string>? channels, MessagePayload? payload)
    {
        var own = Select(_filtered, channels, payload);
        return above is { HasFilters: true } ? Merge(own, above.CollectFiltered(channels, payload)) : own;
    }

    /// <summary>One ascending list of two that share nothing.</summary>
    public static int[] Merge(int[] left, int[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return left.Length == 0 ? right : left;
        }

        var merged = new int[left.Length + right.Length];
        for (int l = 0, r = 0; l < left.Length || r < right.Length;)
        {
            merged[l + r] = r == right.Length || (l < left.Length && left[l] < right[r]) ? left[l++] : right[r++];
        }

        return merged;
    }

    private static int[] Select(EndpointMatcher[] endpoints, IReadOnlyList<string>? channels, MessagePayload? payload)
    {
        if (endpoints.Length == 0)
        {
            return [];
        }

        var ordinals = new int[endpoints.Length];
        var count = 0;
        foreach (var endpoint in endpoints)
        {
            if (endpoint.MatchesChannels(channels) && (payload is null || endpoint.MatchesPayload(payload)))
            {
                ordinals[count++] = endpoint.Ordinal;
            }
        }

        return count == ordinals.Length ? ordinals : ordinals[..count];
    }
}
