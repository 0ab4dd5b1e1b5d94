using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary><c>check FOLDER</c>: reads a history, judges it, and prints the verdict.</summary>
internal static class CheckCommand
{
    public const string Name = "check";

    /// <returns>0 for a clean verdict, 1 for violations, 2 when there is no history to judge.</returns>
    public static int Run(ReadOnlySpan<string> arguments, TextWriter output, TextWriter errors)
    {
        if (arguments.Length != 1)
        {
            errors.WriteLine($"{Name} FOLDER: the folder of a history");
            return 2;
        }

        History history;
        try
        {
            history = HistoryFiles.Read(arguments[0]);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            errors.WriteLine($"{arguments[0]}: {e.Message}");
            return 2;
        }

        var verdict = Checker.Judge(history, new CheckerLimits());
        output.Write(VerdictTable.Write(verdict));
        return verdict.IsClean ? 0 : 1;
    }
}
