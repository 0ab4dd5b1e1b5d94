using System.Text.Json;
using System.Text.RegularExpressions;
using Webhooks.Tests.Shared.Processes;
using YamlDotNet.Serialization;

namespace Webhooks.Telemetry.Tests.Harness;

/// <summary>A rule of <c>docs/alerts.yml</c>.</summary>
internal sealed class Alert
{
    public string Name { get; set; } = "";

    public string Expression { get; set; } = "";

    public string Summary { get; set; } = "";

    public string Action { get; set; } = "";
}

/// <summary>The queries of the dashboard and of the alert rules.</summary>
internal static partial class Queries
{
    public static IReadOnlyList<Alert> Alerts { get; } = [.. ReadAlerts()];

    /// <summary>The dashboard.</summary>
    public static JsonDocument Dashboard { get; } = JsonDocument.Parse(Read("grafana-dashboard.json"));

    /// <summary>All queries, with where they stand.</summary>
    public static IReadOnlyList<(string Where, string Query)> All { get; } =
    [
        .. Find(Dashboard.RootElement).Select(static query => ("the dashboard", query)),
        .. Alerts.Select(static alert => ("alert " + alert.Name, alert.Expression)),
    ];

    /// <summary>Names of metrics in a query: what is no function, label or text of it.</summary>
    public static IReadOnlySet<string> Metrics(string query) =>
        Name().Matches(Text().Replace(query, "")).Select(static m => m.Value).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Find(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static p =>
            p is { Name: "expr" or "definition", Value.ValueKind: JsonValueKind.String } ? [p.Value.GetString()!] : Find(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Find),
        _ => [],
    };

    private static IEnumerable<Alert> ReadAlerts()
    {
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(Read("alerts.yml"));
        foreach (var rule in root["groups"].SelectMany(static group => (List<object>)group["rules"]).Cast<Dictionary<object, object>>())
        {
            var annotations = (Dictionary<object, object>)rule["annotations"];
            yield return new Alert
            {
                Name = (string)rule["alert"],
                Expression = (string)rule["expr"],
                Summary = (string)annotations["summary"],
                Action = (string)annotations["action"],
            };
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(BuiltOutput.Repository, "docs", file));

    [GeneratedRegex(@"""[^""]*""|\b(by|without)\s*\([^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(webhooks|http|kestrel|dotnet|process|aspnetcore)_[a-z0-9_]+\b(?!\s*=)", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
