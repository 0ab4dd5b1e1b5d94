using System.Text.Json;
using Webhooks.Telemetry.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Telemetry.Tests;

/// <summary>The dashboard and the alert rules as documents.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void The_dashboard_has_its_rows_and_a_query_in_every_panel()
    {
        var panels = Queries.Dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(
            ["Publishing", "Delivering", "Queues", "Store", "Process"],
            panels.Where(static p => p.GetProperty("type").GetString() == "row").Select(static p => p.GetProperty("title").GetString()));
        Assert.All(panels.Where(static p => p.GetProperty("type").GetString() != "row"), static p => Assert.NotEmpty(p.GetProperty("targets").EnumerateArray()));
        Assert.Distinct(panels.Select(static p => p.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Every_instrument_is_on_the_dashboard()
    {
        var asked = Queries.All.SelectMany(static q => Queries.Metrics(q.Query)).ToHashSet(StringComparer.Ordinal);
        Assert.All(DocumentedInstrument.All, instrument => Assert.Contains(asked, metric => metric.StartsWith(instrument.Family, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_alert_says_what_is_wrong_and_what_to_do()
    {
        Assert.NotEmpty(Queries.Alerts);
        Assert.Distinct(Queries.Alerts.Select(static a => a.Name));
        Assert.All(Queries.Alerts, static alert =>
        {
            Assert.NotEmpty(alert.Summary);
            Assert.EndsWith(".", alert.Action.TrimEnd(), StringComparison.Ordinal);
        });
        var page = File.ReadAllText(Path.Combine(BuiltOutput.Repository, "docs", "telemetry.md"));
        Assert.All(Queries.Alerts, alert => Assert.Contains($"`{alert.Name}`", page, StringComparison.Ordinal));
    }
}
