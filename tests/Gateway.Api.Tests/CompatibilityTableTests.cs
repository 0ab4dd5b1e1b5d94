using System.Text.RegularExpressions;
using Webhooks.Gateway.Api.OpenApi.Operations;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>docs/api-compatibility.md tells the truth.</summary>
public sealed partial class CompatibilityTableTests(ApiFixture fixture)
{
    private const string NotThere = "## Not there";

    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "api-compatibility.md"));

    public static TheoryData<string, string> Missing { get; } = [.. Rows(Text[Text.IndexOf(NotThere, StringComparison.Ordinal)..]).Select(static r => (r.Method, r.Path))];

    [Fact]
    public void Every_operation_that_is_served_has_a_row_and_every_row_is_served()
    {
        var served = OpenApiTests.MappedRoutes()
            .Select(static r => OperationCatalog.Key(r.Method, r.Route))
            .Where(static key => key.Contains(" /api/v1/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var described = Served().Select(static r => OperationCatalog.Key(r.Method, "/api/v1" + r.Path)).Order(StringComparer.Ordinal);
        Assert.Equal(served, described);
    }

    [Fact]
    public void Every_row_says_how_it_stands_and_where_that_is_shown()
    {
        var behaviours = Path.Combine(RepositoryFiles.Root, "tests", "Sdk.Tests", "node", "behaviours");
        Assert.All(Served(), row =>
        {
            Assert.Contains(row.Cells[1], (string[])["compatible", "differs", "beyond", "ours"]);
            Assert.True(row.Cells[1] != "differs" || row.Cells[2].Length > 0, row.Path + " does not say how it differs.");
            Assert.True(row.Cells[1] == "ours" || File.Exists(Path.Combine(behaviours, row.Cells[3] + ".mjs")), row.Path + " is shown nowhere.");
        });
    }

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task What_is_not_there_is_refused_in_the_contracts_shape(string method, string path)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var answer = await api.Send(new HttpMethod(method), Parameter().Replace(path, m => m.Value == "{app}" ? app : "x"), method == "GET" ? null : "{}"u8.ToArray());

        Assert.Contains(answer.Status, (int[])[404, 405]);
        Assert.False(string.IsNullOrEmpty(answer["code"]));
    }

    private static List<Row> Served() => Rows(Text[..Text.IndexOf(NotThere, StringComparison.Ordinal)]);

    private static List<Row> Rows(string text) =>
    [
        .. text.Split("\n## ")
            .SelectMany(static section => section.Split('\n'))
            .Select(static line => OperationRow().Match(line))
            .Where(static match => match.Success)
            .Select(static match => new Row(match.Groups["method"].Value, match.Groups["path"].Value, [.. match.Value.Trim('|').Split('|').Select(static c => c.Trim())])),
    ];

    [GeneratedRegex(@"^\| `(?<method>GET|HEAD|POST|PUT|PATCH|DELETE) (?<path>/[^`]*)` \|.*$", RegexOptions.ExplicitCapture)]
    private static partial Regex OperationRow();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    private sealed record Row(string Method, string Path, string[] Cells);
}
