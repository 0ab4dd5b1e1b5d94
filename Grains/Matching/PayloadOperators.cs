using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>The operators of conditions by their names.</summary>
internal static class PayloadOperators
{
    /// <summary>The test, and whether the condition holds when no value passes it.</summary>
    /// <exception cref="FormatException">There is no such operator, or it takes no such operand.</exception>
    public static (PayloadTest Test, bool Negated) Read(string name, JsonElement operand) => name switch
    {
        "$eq" => (new PayloadTest.OneOf([Scalar(name, operand)]), false),
        "$ne" => (new PayloadTest.OneOf([Scalar(name, operand)]), true),
        "$in" => (new PayloadTest.OneOf(Scalars(name, operand)), false),
        "$nin" => (new PayloadTest.OneOf(Scalars(name, operand)), true),
        "$gt" => (new PayloadTest.Ordered(Bound(name, operand), static order => order > 0), false),
        "$gte" => (new PayloadTest.Ordered(Bound(name, operand), static order => order >= 0), false),
        "$lt" => (new PayloadTest.Ordered(Bound(name, operand), static order => order < 0), false),
        "$lte" => (new PayloadTest.Ordered(Bound(name, operand), static order => order <= 0), false),
        "$exists" => (new PayloadTest.Exists(), !Flag(name, operand)),
        "$startsWith" => (StartsWith(Text(name, operand)), false),
        "$endsWith" => (EndsWith(Text(name, operand)), false),
        "$contains" => (new PayloadTest.Contains(Scalar(name, operand)), false),
        _ => throw new FormatException($"`{name}` is no operator: {Known} are."),
    };

    private const string Known = "$eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $startsWith, $endsWith and $contains";

    private static PayloadTest.Text StartsWith(string part) => new(text => text.StartsWith(part, StringComparison.Ordinal));

    private static PayloadTest.Text EndsWith(string part) => new(text => text.EndsWith(part, StringComparison.Ordinal));

    private static PayloadScalar Scalar(string name, JsonElement operand)
    {
        if (!PayloadValues.IsScalar(operand))
        {
            throw new FormatException($"{name} takes a string, a number, true, false or null.");
        }

        return Readable(operand);
    }

    private static IEnumerable<PayloadScalar> Scalars(string name, JsonElement operand) =>
        operand.ValueKind == JsonValueKind.Array && operand.GetArrayLength() > 0 && operand.EnumerateArray().All(PayloadValues.IsScalar)
            ? operand.EnumerateArray().Select(Readable)
            : throw new FormatException($"{name} takes a list of at least one string, number, true, false or null.");

    private static PayloadScalar Bound(string name, JsonElement operand) => operand.ValueKind is JsonValueKind.Number or JsonValueKind.String
        ? Readable(operand)
        : throw new FormatException($"{name} takes a number or a string.");

    private static bool Flag(string name, JsonElement operand) => operand.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? operand.GetBoolean()
        : throw new FormatException($"{name} takes true or false.");

    private static string Text(string name, JsonElement operand) => operand.ValueKind == JsonValueKind.String && operand.GetString() is { Length: > 0 } text
        ? text
        : throw new FormatException($"{name} takes a string that is not empty.");

    // Throws for a string that is no Unicode, before it is kept.
    private static PayloadScalar Readable(JsonElement operand)
    {
        _ = operand.ValueKind == JsonValueKind.String ? operand.GetString() : null;
        return PayloadScalar.Of(operand);
    }
}
