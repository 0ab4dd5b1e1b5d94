namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An endpoint as a form holds it.</summary>
public sealed class EndpointDraft
{
    /// <summary>Where it is.</summary>
    public string Url { get; set; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; set; } = "";

    /// <summary>Whether it wants everything.</summary>
    public bool AllEvents { get; set; } = true;

    /// <summary>Event types chosen from the catalogue.</summary>
    public HashSet<string> EventTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>Patterns and names beside the catalogue, separated by commas.</summary>
    public string Patterns { get; set; } = "";

    /// <summary>Channels, separated by commas.</summary>
    public string Channels { get; set; } = "";

    /// <summary>strict, key or none.</summary>
    public string Ordering { get; set; } = "strict";

    /// <summary>Deliveries per second; null for no limit.</summary>
    public int? ThrottleRate { get; set; }

    /// <summary>One header per line, <c>Name: value</c>.</summary>
    public string Headers { get; set; } = "";

    /// <summary>The draft of an endpoint that is there.</summary>
    internal static EndpointDraft Of(EndpointModel endpoint, IReadOnlyCollection<string> known)
    {
        var draft = new EndpointDraft
        {
            Url = endpoint.Url,
            Description = endpoint.Description,
            AllEvents = endpoint.EventTypes is not { Count: > 0 },
            Channels = string.Join(", ", endpoint.Channels ?? []),
            Ordering = endpoint.Ordering,
            ThrottleRate = endpoint.ThrottleRate,
        };
        draft.EventTypes.UnionWith((endpoint.EventTypes ?? []).Where(known.Contains));
        draft.Patterns = string.Join(", ", (endpoint.EventTypes ?? []).Except(known));
        return draft;
    }

    /// <summary>What the API is sent, without the headers.</summary>
    internal Dictionary<string, object?> ToBody()
    {
        string[] types = [.. EventTypes.Concat(Split(Patterns)).Distinct(StringComparer.Ordinal)];
        var channels = Split(Channels);
        return new Dictionary<string, object?>
        {
            ["url"] = Url.Trim(),
            ["description"] = Description.Trim(),
            ["eventTypes"] = AllEvents || types.Length == 0 ? null : types,
            ["channels"] = channels.Length == 0 ? null : channels,
            ["ordering"] = Ordering,
            ["throttleRate"] = ThrottleRate,
        };
    }

    /// <summary>The headers by name; a line without a colon is a name without a value, which the API refuses.</summary>
    internal Dictionary<string, string> ReadHeaders()
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[colon < 0 ? line : line[..colon].Trim()] = colon < 0 ? "" : line[(colon + 1)..].Trim();
        }

        return headers;
    }

    private static string[] Split(string text) => text.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
