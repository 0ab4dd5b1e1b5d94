using System.Text.RegularExpressions;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>What Prometheus reads from <c>/metrics</c>.</summary>
internal sealed partial class MetricsText(string text)
{
    /// <summary>Names of the families with their types: <c>webhooks_attempts_total</c>, <c>webhooks_commit_size</c>.</summary>
    public IReadOnlyDictionary<string, string> Families { get; } =
        Type().Matches(text).DistinctBy(static m => m.Groups["name"].Value).ToDictionary(static m => m.Groups["name"].Value, static m => m.Groups["type"].Value);

    /// <summary>Names that queries use: those of samples, <c>webhooks_commit_size_bucket</c>.</summary>
    public IReadOnlySet<string> Samples { get; } = Sample().Matches(text).Select(static m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>Labels of all samples of a name, with those that the exporter adds left out.</summary>
    public IReadOnlySet<string> Labels(string sample) => Sample().Matches(text)
        .Where(m => m.Groups["name"].Value == sample)
        .SelectMany(static m => Label().Matches(m.Groups["labels"].Value))
        .Select(static m => m.Groups["label"].Value)
        .Where(static label => !label.StartsWith("otel_scope_", StringComparison.Ordinal) && label != "le")
        .ToHashSet(StringComparer.Ordinal);

    public override string ToString() => text;

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[^}]*)\})? ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
