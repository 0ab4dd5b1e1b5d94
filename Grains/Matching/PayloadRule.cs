using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>A part of a payload filter: a condition, or several of them together.</summary>
internal abstract class PayloadRule
{
    public abstract bool Holds(JsonElement payload);

    /// <summary>Some value that the path leads to passes; or, negated, none does.</summary>
    public sealed class Condition(PayloadPath path, PayloadTest test, bool negated) : PayloadRule
    {
        public override bool Holds(JsonElement payload) => path.Any(payload, test) != negated;
    }

    public sealed class All(IReadOnlyList<PayloadRule> rules) : PayloadRule
    {
        public override bool Holds(JsonElement payload)
        {
            foreach (var rule in rules)
            {
                if (!rule.Holds(payload))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public sealed class Any(IReadOnlyList<PayloadRule> rules) : PayloadRule
    {
        public override bool Holds(JsonElement payload)
        {
            foreach (var rule in rules)
            {
                if (rule.Holds(payload))
                {
                    return true;
                }
            }

            return false;
        }
    }

    public sealed class Not(PayloadRule rule) : PayloadRule
    {
        public override bool Holds(JsonElement payload) => !rule.Holds(payload);
    }
}
