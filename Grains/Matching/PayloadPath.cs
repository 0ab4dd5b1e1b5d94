using System.Globalization;
using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>
/// Where a condition looks: names with dots between them, <c>[0]</c> for one element of a list, <c>[*]</c> for each, and
/// <c>['a.b']</c> for a name that holds dots or brackets.
/// </summary>
internal sealed class PayloadPath
{
    /// <summary>Steps at most: more than any payload of people's making nests, and few enough to walk by recursion.</summary>
    public const int MaxSteps = 32;

    private const int EachElement = -1;

    // A name, or an index when the name is null.
    private readonly record struct Step(string? Name, int Index);

    private readonly Step[] _steps;

    private PayloadPath(Step[] steps) => _steps = steps;

    /// <exception cref="FormatException">The text is no path; the message says why.</exception>
    public static PayloadPath Parse(string text)
    {
        var steps = new List<Step>();
        for (var at = 0; at < text.Length || steps.Count == 0;)
        {
            if (steps.Count == MaxSteps)
            {
                throw new FormatException($"a path has at most {MaxSteps} steps.");
            }

            steps.Add(at < text.Length && text[at] == '[' ? ReadBracket(text, ref at) : ReadName(text, ref at, first: steps.Count == 0));
        }

        return new PayloadPath([.. steps]);
    }

    /// <summary>Whether the path leads to a value that passes; false where it leads nowhere.</summary>
    public bool Any(JsonElement root, PayloadTest test) => Any(root, 0, test);

    private bool Any(JsonElement value, int from, PayloadTest test)
    {
        for (var i = from; i < _steps.Length; i++)
        {
            var step = _steps[i];
            if (step.Name is { } name)
            {
                if (!TryGetMember(value, name, out value))
                {
                    return false;
                }
            }
            else if (value.ValueKind != JsonValueKind.Array)
            {
                return false;
            }
            else if (step.Index == EachElement)
            {
                foreach (var element in value.EnumerateArray())
                {
                    if (Any(element, i + 1, test))
                    {
                        return true;
                    }
                }

                return false;
            }
            else if (step.Index < value.GetArrayLength())
            {
                value = value[step.Index];
            }
            else
            {
                return false;
            }
        }

        return value.ValueKind != JsonValueKind.Undefined && test.Holds(value);
    }

    private static bool TryGetMember(JsonElement value, string name, out JsonElement member)
    {
        member = default;
        try
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out member);
        }
        catch (InvalidOperationException)
        {
            // A member's name is an escape of half a character, which no path can spell.
            return false;
        }
    }

    private static Step ReadName(string text, ref int at, bool first)
    {
        if (!first)
        {
            if (text[at] != '.')
            {
                throw new FormatException("a dot or a bracket must follow `]`.");
            }

            at++;
        }

        var end = text.AsSpan(at).IndexOfAny('.', '[');
        var name = end < 0 ? text[at..] : text.Substring(at, end);
        if (name.Length == 0)
        {
            throw new FormatException("a path needs a name before, between and after its dots.");
        }

        at += name.Length;
        return new Step(name, 0);
    }

    private static Step ReadBracket(string text, ref int at)
    {
        var start = at + 1;
        var quoted = start < text.Length && text[start] == '\'';
        var end = quoted ? text.IndexOf("']", start + 1, StringComparison.Ordinal) : text.IndexOf(']', start);
        if (end >= 0)
        {
            var inner = text[(quoted ? start + 1 : start)..end];
            at = end + (quoted ? 2 : 1);
            if (quoted)
            {
                return new Step(inner, 0);
            }

            if (inner == "*")
            {
                return new Step(null, EachElement);
            }

            if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return new Step(null, index);
            }
        }

        throw new FormatException("brackets hold an index from 0, `*`, or a name in single quotes.");
    }
}
