using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>What an operator asks of one value that its path leads to.</summary>
internal abstract class PayloadTest
{
    public abstract bool Holds(JsonElement value);

    /// <summary>There is such a value, null included.</summary>
    public sealed class Exists : PayloadTest
    {
        public override bool Holds(JsonElement value) => true;
    }

    /// <summary>It is one of these.</summary>
    public sealed class OneOf : PayloadTest
    {
        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
        private readonly List<PayloadScalar> _others = [];

        public OneOf(IEnumerable<PayloadScalar> scalars)
        {
            foreach (var scalar in scalars)
            {
                if (scalar.Text is { } text)
                {
                    _texts.Add(text);
                }
                else
                {
                    _others.Add(scalar);
                }
            }
        }

        public override bool Holds(JsonElement value) => value.ValueKind == JsonValueKind.String
            ? PayloadValues.TextOf(value) is { } text && _texts.Contains(text)
            : _others.Exists(scalar => scalar.IsEqualTo(value));
    }

    /// <summary>It stands in this order to a number or string, and is of the same kind.</summary>
    public sealed class Ordered(PayloadScalar bound, Func<int, bool> passes) : PayloadTest
    {
        public override bool Holds(JsonElement value) => bound.Order(value) is { } order && passes(order);
    }

    /// <summary>It is a string of which this holds.</summary>
    public sealed class Text(Func<string, bool> passes) : PayloadTest
    {
        public override bool Holds(JsonElement value) => PayloadValues.TextOf(value) is { } text && passes(text);
    }

    /// <summary>It is a list with this element, or, where that is a string, a string with this part.</summary>
    public sealed class Contains(PayloadScalar part) : PayloadTest
    {
        public override bool Holds(JsonElement value) => value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Any(part.IsEqualTo)
            : part.Text is { } wanted && PayloadValues.TextOf(value) is { } text && text.Contains(wanted, StringComparison.Ordinal);
    }
}
