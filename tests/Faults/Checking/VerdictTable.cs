using System.Globalization;
using System.Text;

namespace Webhooks.Faults.Checking;

/// <summary>A verdict as Markdown: a table of the kinds of fault, a table of totals, and the violations.</summary>
internal static class VerdictTable
{
    /// <summary>Violations that are written out.</summary>
    public const int Written = 20;

    public static string Write(Verdict verdict)
    {
        var text = new StringBuilder();
        Row(text, "fault", "count", "repeats", "unlisted attempts", "time to flow p50, s", "max, s", "cut short");
        Row(text, "---", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var kind in verdict.Kinds)
        {
            Row(text, kind.Kind, Count(kind.Count), Count(kind.Repeats), Count(kind.Unlisted), Seconds(kind.FlowMedian), Seconds(kind.FlowMax), Count(kind.CutShort));
        }

        text.Append('\n');
        var totals = verdict.Totals;
        Row(text, "total", "");
        Row(text, "---", "---:");
        Row(text, "accepted", Count(totals.Accepted));
        Row(text, "unknown outcome", Count(totals.Unknown));
        Row(text, "refused", Count(totals.Refused));
        Row(text, "requests received", Count(totals.Requests));
        Row(text, "delivered", Count(totals.Delivered));
        Row(text, "dead letters", Count(totals.DeadLetters));
        Row(text, "repeats", Count(totals.Repeats));
        Row(text, "attempts seen, not listed", Count(totals.Unlisted));
        Row(text, "overlaps explained by faults", Count(totals.AllowedOverlaps));
        Row(text, "lost", Count(verdict.Count(ViolationKind.Lost)));
        Row(text, "phantoms", Count(verdict.Count(ViolationKind.Phantom)));
        Row(text, "inversions", Count(verdict.Count(ViolationKind.Inversion)));
        Row(text, "doubles", Count(verdict.Count(ViolationKind.Double)));
        foreach (var (kind, count) in verdict.Counts.OrderBy(static c => c.Key))
        {
            if (kind is not (ViolationKind.Lost or ViolationKind.Phantom or ViolationKind.Inversion or ViolationKind.Double))
            {
                Row(text, "violation: " + kind, Count(count));
            }
        }

        text.Append('\n');
        if (!verdict.IsClean)
        {
            foreach (var violation in Spread(verdict.Violations))
            {
                text.Append("- ").Append(violation.Kind).Append(": ").Append(violation.Text).Append('\n');
            }

            text.Append('\n');
        }

        return text.Append("verdict: ").Append(verdict.IsClean ? "clean" : Count(verdict.ViolationCount) + " violations").Append('\n').ToString();
    }

    /// <summary>The first of each kind before the second of any, so that a frequent kind does not hide a rare one.</summary>
    private static IEnumerable<Violation> Spread(IEnumerable<Violation> violations) => violations
        .GroupBy(static v => v.Kind)
        .SelectMany(static kind => kind.Index())
        .OrderBy(static v => v.Index)
        .Take(Written)
        .Select(static v => v.Item);

    private static void Row(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
        {
            text.Append("| ").Append(cell).Append(' ');
        }

        text.Append("|\n");
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double? milliseconds) => milliseconds is { } value ? (value / 1000).ToString("0.00", CultureInfo.InvariantCulture) : "";
}
