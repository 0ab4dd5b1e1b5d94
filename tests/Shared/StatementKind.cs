using System.Text.RegularExpressions;

namespace Webhooks.Tests.Shared;

/// <summary>What a statement means for the transaction around it.</summary>
internal enum StatementKind
{
    Reads = 0,
    Writes = 1,
    Begins = 2,
    Commits = 3,
    RollsBack = 4,
}

/// <summary>Tells kinds by the words of a statement: a function that writes when it is selected is taken for a read.</summary>
internal static partial class StatementKinds
{
    public static StatementKind Of(string sql)
    {
        var text = sql.AsSpan().TrimStart();
        if (StartsWith(text, "BEGIN") || StartsWith(text, "START TRANSACTION"))
        {
            return StatementKind.Begins;
        }

        if (StartsWith(text, "COMMIT") || StartsWith(text, "END"))
        {
            return StatementKind.Commits;
        }

        if ((StartsWith(text, "ROLLBACK") && !StartsWith(text, "ROLLBACK TO")) || StartsWith(text, "ABORT"))
        {
            return StatementKind.RollsBack;
        }

        return Writing().IsMatch(sql) ? StatementKind.Writes : StatementKind.Reads;
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string words) => text.StartsWith(words, StringComparison.OrdinalIgnoreCase);

    // A lock for an update is none.
    [GeneratedRegex(@"\b(INSERT|DELETE|MERGE|(?<!\bFOR\s+(NO\s+KEY\s+)?)UPDATE)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Writing();
}
