using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>What an endpoint asks of payloads; <c>docs/filters.md</c> has the language. Immutable, safe for several threads.</summary>
internal sealed class PayloadFilter
{
    private readonly PayloadRule _rule;

    private PayloadFilter(PayloadRule rule) => _rule = rule;

    /// <exception cref="FormatException">It is no filter; the message names the place and says why.</exception>
    public static PayloadFilter Parse(JsonElement filter) => new(new PayloadFilterReader().Read(filter));

    /// <summary>The same from text as it is stored; false when this version cannot read it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PayloadFilter? filter)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            filter = Parse(document.RootElement);
            return true;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            filter = null;
            return false;
        }
    }

    /// <summary>Why it is no filter, as a sentence for the caller of the API; null when it is one.</summary>
    public static string? Fault(JsonElement filter)
    {
        try
        {
            Parse(filter);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <summary>Whether the payload passes. In one that is no JSON (an undefined element) every path leads nowhere.</summary>
    public bool Matches(JsonElement payload) => _rule.Holds(payload);
}
