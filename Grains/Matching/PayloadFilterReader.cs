using System.Runtime.InteropServices;
using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>Reads one filter. Its limits bound what a message can cost: each filter of an application is tried on it.</summary>
internal sealed class PayloadFilterReader
{
    /// <summary>Bytes of the filter's JSON: it lies in the routing table of its application, in memory, once per endpoint.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Conditions: each may have to walk the whole payload.</summary>
    public const int MaxConditions = 64;

    /// <summary>Levels of <c>$and</c>, <c>$or</c> and <c>$not</c>: they are read and tried by recursion.</summary>
    public const int MaxDepth = 8;

    private int _conditions;

    public PayloadRule Read(JsonElement filter)
    {
        if (filter.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(filter).Length > MaxBytes)
        {
            throw new FormatException($"A filter holds at most {MaxBytes} bytes.");
        }

        try
        {
            return ReadObject(filter, "A filter", 0);
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("A name or text of the filter is not valid Unicode.");
        }
    }

    private PayloadRule ReadObject(JsonElement filter, string place, int depth)
    {
        if (filter.ValueKind != JsonValueKind.Object || !filter.EnumerateObject().Any())
        {
            throw new FormatException($"{place} must be an object with at least one condition.");
        }

        if (depth > MaxDepth)
        {
            throw new FormatException($"{place} nests deeper than {MaxDepth} levels.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var rules = new List<PayloadRule>();
        foreach (var member in filter.EnumerateObject())
        {
            if (!names.Add(member.Name))
            {
                throw new FormatException($"`{member.Name}` stands twice in one object; use $and.");
            }

            if (member.Name.StartsWith('$'))
            {
                rules.Add(ReadGroup(member, depth + 1));
            }
            else
            {
                ReadConditions(member, rules);
            }
        }

        return rules.Count == 1 ? rules[0] : new PayloadRule.All(rules);
    }

    private PayloadRule ReadGroup(JsonProperty member, int depth) => member.Name switch
    {
        "$and" => new PayloadRule.All(ReadList(member, depth)),
        "$or" => new PayloadRule.Any(ReadList(member, depth)),
        "$not" => new PayloadRule.Not(ReadObject(member.Value, "$not", depth)),
        _ => throw new FormatException($"`{member.Name}` is no operator here: $and, $or and $not are; a name that begins with $ is written ['{member.Name}']."),
    };

    private List<PayloadRule> ReadList(JsonProperty member, int depth) =>
        member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0
            ? [.. member.Value.EnumerateArray().Select((item, index) => ReadObject(item, $"{member.Name}[{index}]", depth))]
            : throw new FormatException($"{member.Name} must be a list with at least one filter.");

    private void ReadConditions(JsonProperty member, List<PayloadRule> rules)
    {
        try
        {
            var path = PayloadPath.Parse(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                rules.Add(Condition(path, "$eq", member.Value));
                return;
            }

            var operators = new HashSet<string>(StringComparer.Ordinal);
            foreach (var given in member.Value.EnumerateObject())
            {
                if (!operators.Add(given.Name))
                {
                    throw new FormatException($"{given.Name} stands there twice.");
                }

                rules.Add(Condition(path, given.Name, given.Value));
            }

            if (operators.Count == 0)
            {
                throw new FormatException("an operator is missing.");
            }
        }
        catch (FormatException error)
        {
            throw new FormatException($"`{member.Name}`: {error.Message}");
        }
    }

    private PayloadRule.Condition Condition(PayloadPath path, string name, JsonElement operand)
    {
        if (++_conditions > MaxConditions)
        {
            throw new FormatException($"a filter has at most {MaxConditions} conditions.");
        }

        var (test, negated) = PayloadOperators.Read(name, operand);
        return new PayloadRule.Condition(path, test, negated);
    }
}
