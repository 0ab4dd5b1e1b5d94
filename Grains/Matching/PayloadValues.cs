using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>Values of payloads as filters compare them: no kind of value is taken for another.</summary>
internal static class PayloadValues
{
    /// <summary>The text of a string; null for another kind, and for a string that is no Unicode (half of an escaped pair).</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;
}

/// <summary>
/// A number: exact as a decimal where that can hold it (28 digits, up to some 7.9e28), else a double. Two that are both
/// exact compare as decimals, so that 0.1 is 0.10 and no cent is lost; else both as doubles.
/// </summary>
internal readonly record struct PayloadNumber(decimal? Exact, double Rounded)
{
    public static PayloadNumber? Of(JsonElement value) => value.ValueKind != JsonValueKind.Number ? null
        : new PayloadNumber(value.TryGetDecimal(out var exact) ? exact : null, value.TryGetDouble(out var rounded) ? rounded : 0);

    public int CompareTo(PayloadNumber other) =>
        Exact is { } mine && other.Exact is { } theirs ? mine.CompareTo(theirs) : Rounded.CompareTo(other.Rounded);
}

/// <summary>A string, number, boolean or null that a filter names.</summary>
internal readonly record struct PayloadScalar(JsonValueKind Kind, string? Text, PayloadNumber? Number)
{
    /// <summary>For a scalar only, and a string of Unicode.</summary>
    public static PayloadScalar Of(JsonElement value) => new(value.ValueKind, PayloadValues.TextOf(value), PayloadNumber.Of(value));

    /// <summary>The same kind and the same value; strings ordinal.</summary>
    public bool IsEqualTo(JsonElement value) => value.ValueKind == Kind && Kind switch
    {
        JsonValueKind.String => PayloadValues.TextOf(value) is { } text && string.Equals(text, Text, StringComparison.Ordinal),
        JsonValueKind.Number => PayloadNumber.Of(value)!.Value.CompareTo(Number!.Value) == 0,
        _ => true,
    };

    /// <summary>Less than, equal to or more than 0 as the value stands before, at or after this one; null where they have no order.</summary>
    public int? Order(JsonElement value) => value.ValueKind != Kind ? null : Kind switch
    {
        JsonValueKind.String => PayloadValues.TextOf(value) is { } text ? string.CompareOrdinal(text, Text) : null,
        JsonValueKind.Number => PayloadNumber.Of(value)!.Value.CompareTo(Number!.Value),
        _ => null,
    };
}
