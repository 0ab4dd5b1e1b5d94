using System.Collections.Frozen;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Matching;

/// <summary>
/// Whether one endpoint receives a message, by its filters alone: a disabled endpoint stays a recipient, its queue waits.
/// </summary>
internal sealed class EndpointMatcher(EndpointDetails endpoint)
{
    private readonly FrozenSet<string>? _channels = endpoint.Channels?.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The endpoint's number within its application.</summary>
    public int Ordinal { get; } = endpoint.Ordinal;

    /// <summary>Event types it wants; null for all.</summary>
    public FrozenSet<string>? EventTypes { get; } = endpoint.EventTypes?.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it takes messages of certain channels only.</summary>
    public bool WantsChannels => _channels is not null;

    /// <summary>Both filters: the event type is wanted, and a channel is shared where the endpoint names any.</summary>
    public bool Matches(string eventType, IReadOnlyList<string>? channels) =>
        (EventTypes is null || EventTypes.Contains(eventType)) && MatchesChannels(channels);

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
}
