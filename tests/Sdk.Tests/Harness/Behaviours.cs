using System.Text.RegularExpressions;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Sdk.Tests.Harness;

/// <summary>A behaviour as its file declares it.</summary>
/// <param name="Group">The file's name.</param>
/// <param name="Name">The sentence.</param>
/// <param name="Only">The SDK that alone can do it; null when both can.</param>
internal sealed record Behaviour(string Group, string Name, string? Only)
{
    public bool RunsWith(string sdk) => Only is null || Only == sdk;
}

/// <summary>The behaviours, read from their files without running them.</summary>
internal static partial class Behaviours
{
    /// <summary>The folder with package.json and run.mjs.</summary>
    public static string NodeFolder { get; } = Path.Combine(BuiltOutput.Repository, "tests", "Sdk.Tests", "node");

    /// <summary>All of them, in the order of the files.</summary>
    public static IReadOnlyList<Behaviour> All { get; } = [.. Files().SelectMany(ReadFile)];

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(NodeFolder, "behaviours"), "*.mjs").Order(StringComparer.Ordinal);

    private static IEnumerable<Behaviour> ReadFile(string path)
    {
        var text = File.ReadAllText(path);
        var group = Path.GetFileNameWithoutExtension(path);
        var declarations = Declaration().Matches(text);
        foreach (var (number, declaration) in declarations.Index())
        {
            // What is said about one behaviour stands before the next.
            var end = number + 1 < declarations.Count ? declarations[number + 1].Index : text.Length;
            var only = Only().Match(text, declaration.Index, end - declaration.Index);
            yield return new Behaviour(group, declaration.Groups["name"].Value, only.Success ? only.Groups["sdk"].Value : null);
        }
    }

    [GeneratedRegex(@"^behaviour\('(?<name>[^'\\]+)', ", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\}, \{ only: '(?<sdk>\w+)' \}\);$", RegexOptions.Multiline)]
    private static partial Regex Only();
}
