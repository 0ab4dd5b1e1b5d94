namespace Webhooks.Tests.Shared;

/// <summary>Tests that take long and show what a shorter one shows too: <c>./test.sh --all</c> runs them.</summary>
public static class LongTests
{
    public const string Variable = "WEBHOOKS_LONG_TESTS";

    /// <summary>Why one is skipped.</summary>
    public const string Skipped = $"takes long; a short run of faults covers the same each time. {Variable}=1 runs it.";

    public static bool Wanted => Environment.GetEnvironmentVariable(Variable) == "1";
}
