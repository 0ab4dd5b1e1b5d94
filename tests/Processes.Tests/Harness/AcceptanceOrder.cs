namespace Webhooks.Processes.Tests.Harness;

/// <summary>The promise on order: if the answer to A came before B was sent, A is earlier.</summary>
internal static class AcceptanceOrder
{
    /// <summary>Events that stand in the log behind one that was sent only after their own 202.</summary>
    public static IReadOnlyList<Accepted> Violations(IEnumerable<Accepted> inLogOrder)
    {
        var violations = new List<Accepted>();
        var latestSent = long.MinValue;
        foreach (var accepted in inLogOrder)
        {
            if (accepted.AnsweredAt < latestSent)
            {
                violations.Add(accepted);
            }

            latestSent = Math.Max(latestSent, accepted.SentAt);
        }

        return violations;
    }
}
