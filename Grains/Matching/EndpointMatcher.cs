using System.Collections.Frozen;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Matching;

/// <summary>
/// Whether one endpoint receives a message, by its filters alone: a disabled endpoint stays a recipient, its queue waits.
/// </summary>
internal sealed class EndpointMatcher
{
    private readonly FrozenSet<string>? _channels;
    private readonly PayloadFilter? _filter;

    public EndpointMatcher(EndpointDetails endpoint)
    {
        Ordinal = endpoint.Ordinal;
        _channels = endpoint.Channels?.ToFrozenSet(StringComparer.Ordinal);
        HasFilter = endpoint.Filter is not null;
        if (endpoint.Filter is { } filter)
        {
            // One that this version cannot read (a newer silo wrote it) lets nothing through: what was never sent can be
            // replayed, what was sent against the receiver's wish cannot be taken back.
            _ = PayloadFilter.TryParse(filter, out _filter);
        }

        WantsAllTypes = endpoint.EventTypes is null;
        var wanted = endpoint.EventTypes ?? [];
        var prefixes = wanted.Where(EventTypePattern.IsPattern).Select(EventTypePattern.PrefixOf).ToFrozenSet(StringComparer.Ordinal);
        // What an own pattern covers is left out, so that the endpoint stands once among the candidates of a type.
        Prefixes = prefixes.Where(prefix => !IsCovered(prefixes, prefix + ".")).ToFrozenSet(StringComparer.Ordinal);
        Types = wanted.Where(name => !EventTypePattern.IsPattern(name) && !IsCovered(prefixes, name)).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The endpoint's number within its application.</summary>
    public int Ordinal { get; }

    /// <summary>Whether it names no event types.</summary>
    public bool WantsAllTypes { get; }

    /// <summary>Event types it names, without those that its patterns cover.</summary>
    public FrozenSet<string> Types { get; }

    /// <summary>Prefixes of its patterns, without those that a shorter one covers.</summary>
    public FrozenSet<string> Prefixes { get; }

    /// <summary>Whether it asks something of payloads.</summary>
    public bool HasFilter { get; }

    /// <summary>
    /// Why it does not receive such a message, <c>event-type</c>, <c>channel</c> or <c>filter</c>; null when it does. A
    /// payload that is null is judged as one that is no JSON.
    /// </summary>
    public string? Refusal(string eventType, IReadOnlyList<string>? channels, byte[]? payload)
    {
        if (!MatchesType(eventType))
        {
            return "event-type";
        }

        if (!MatchesChannels(channels))
        {
            return "channel";
        }

        using var message = new MessagePayload(payload);
        return MatchesPayload(message) ? null : "filter";
    }

    /// <summary>All filters: the event type is wanted, a channel is shared where the endpoint names any, and the payload passes.</summary>
    public bool Matches(string eventType, IReadOnlyList<string>? channels, byte[]? payload) => Refusal(eventType, channels, payload) is null;

    /// <summary>The channel filter alone.</summary>
    public bool MatchesChannels(IReadOnlyList<string>? channels)
    {
        if (_channels is null)
        {
            return true;
        }

        for (var i = 0; i < (channels?.Count ?? 0); i++)
        {
            if (_channels.Contains(channels![i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The payload filter alone; without one the payload is not looked at.</summary>
    public bool MatchesPayload(MessagePayload payload) => !HasFilter || _filter?.Matches(payload.Root) == true;

    private bool MatchesType(string eventType) => WantsAllTypes || Types.Contains(eventType) || IsCovered(Prefixes, eventType);

    private static bool IsCovered(FrozenSet<string> prefixes, string name)
    {
        if (prefixes.Count == 0)
        {
            return false;
        }

        var lookup = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = EventTypePattern.LongestPrefix(name); length > 0; length = EventTypePattern.ShorterPrefix(name, length))
        {
            if (lookup.Contains(name.AsSpan(0, length)))
            {
                return true;
            }
        }

        return false;
    }
}
