using System.Text.RegularExpressions;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>A row of the tables of instruments in <c>docs/telemetry.md</c>.</summary>
/// <param name="Kind"><c>counter</c>, <c>gauge</c>, <c>up-down counter</c>, <c>histogram</c>.</param>
/// <param name="Where">Which processes have it: <c>silo</c>, <c>SQLite</c> (a silo with its store in files), <c>all</c>.</param>
internal sealed partial record DocumentedInstrument(string Name, string Kind, string Unit, IReadOnlySet<string> Labels, string Where)
{
    public static IReadOnlyList<DocumentedInstrument> All { get; } =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(BuiltOutput.Repository, "docs", "telemetry.md"))).Select(static m => new DocumentedInstrument(
            m.Groups["name"].Value,
            m.Groups["kind"].Value.Trim(),
            m.Groups["unit"].Value.Trim().Trim('`'),
            Word().Matches(m.Groups["labels"].Value).Select(static l => l.Groups["word"].Value).ToHashSet(StringComparer.Ordinal),
            m.Groups["where"].Value.Trim())),
    ];

    /// <summary>As Prometheus calls it: dots become underscores, units are spelled out, counters are totals.</summary>
    public string Family => Name.Replace('.', '_') + Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    } + (Kind == "counter" ? "_total" : "");

    /// <summary>A name that its samples have.</summary>
    public string Sample => Kind == "histogram" ? Family + "_count" : Family;

    [GeneratedRegex(@"^\| `(?<name>webhooks\.[a-z_.]+)` \|(?<kind>[^|]*)\|(?<unit>[^|]*)\|(?<labels>[^|]*)\|(?<where>[^|]*)\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<word>[a-z._]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
