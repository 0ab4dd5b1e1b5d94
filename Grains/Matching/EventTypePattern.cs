namespace Webhooks.Grains.Matching;

/// <summary>
/// <c>lead.*</c>: every event type that goes on after <c>lead.</c>. A pattern is kept by its prefix, here <c>lead</c>, so
/// that the patterns which match a name are found by looking up what stands before its dots.
/// </summary>
internal static class EventTypePattern
{
    private const string Ending = ".*";

    /// <summary>Whether the text is a pattern and no name.</summary>
    public static bool IsPattern(string text) => text.Length > Ending.Length && text.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>The part before <c>.*</c>.</summary>
    public static string PrefixOf(string pattern) => pattern[..^Ending.Length];

    /// <summary>Length of the longest prefix whose pattern matches the name; 0 when there is none.</summary>
    public static int LongestPrefix(ReadOnlySpan<char> name) => ShorterPrefix(name, name.Length - 1);

    /// <summary>Length of the next prefix below <paramref name="length"/>; 0 when there is none.</summary>
    public static int ShorterPrefix(ReadOnlySpan<char> name, int length) => length <= 0 ? 0 : Math.Max(0, name[..length].LastIndexOf('.'));
}
