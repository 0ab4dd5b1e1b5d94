using System.Net;
using Webhooks.Telemetry.Tests.Harness;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Telemetry.Tests;

/// <summary><c>/metrics</c> of each kind of process, and what the documents say of it.</summary>
public sealed class MetricsPageTests(RunningSystem system)
{
    [Fact]
    public async Task Every_process_serves_the_instruments_that_are_documented_for_it_and_no_others()
    {
        await AssertServesAsync(system.SiloMetrics, "all", "silo");
        await AssertServesAsync(system.GatewayMetrics, "all");
        await AssertServesAsync(system.StandaloneMetrics, "all", "silo", "SQLite");
    }

    [Fact]
    public async Task Labels_are_those_that_are_documented()
    {
        await WaitForAllAsync(system.StandaloneMetrics, "all", "silo", "SQLite");
        var (_, text) = await RunningSystem.MetricsAsync(system.StandaloneMetrics);
        foreach (var instrument in DocumentedInstrument.All)
        {
            var unknown = text.Labels(instrument.Sample).Except(instrument.Labels.Select(static l => l.Replace('.', '_')));
            Assert.True(!unknown.Any(), $"{instrument.Name}: {string.Join(", ", unknown)}");
        }
    }

    [Fact]
    public async Task Both_processes_tell_of_their_requests_and_their_runtime()
    {
        foreach (var page in (Uri[])[system.GatewayMetrics, system.SiloMetrics])
        {
            var (_, text) = await RunningSystem.MetricsAsync(page);
            Assert.Contains("http_server_request_duration_seconds", text.Families.Keys);
            Assert.Contains("dotnet_gc_collections_total", text.Families.Keys);
        }
    }

    [Fact]
    public async Task With_a_token_set_nobody_else_reads_them()
    {
        foreach (var page in (Uri[])[system.GatewayMetrics, system.SiloMetrics])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await RunningSystem.MetricsAsync(page, token: null)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await RunningSystem.MetricsAsync(page, Secrets.MetricsToken + "x")).Status);
            Assert.Equal(HttpStatusCode.OK, (await RunningSystem.MetricsAsync(page)).Status);
        }
    }

    [Fact]
    public async Task Without_one_the_page_is_open() =>
        Assert.Equal(HttpStatusCode.OK, (await RunningSystem.MetricsAsync(system.StandaloneMetrics, token: null)).Status);

    [Fact]
    public async Task Dashboard_and_alerts_ask_for_nothing_that_is_not_served()
    {
        await WaitForAllAsync(system.StandaloneMetrics, "all", "silo", "SQLite");
        var served = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in (Uri[])[system.SiloMetrics, system.GatewayMetrics, system.StandaloneMetrics])
        {
            served.UnionWith((await RunningSystem.MetricsAsync(page)).Text.Samples);
        }

        foreach (var (where, query) in Queries.All)
        {
            Assert.NotEmpty(Queries.Metrics(query));
            Assert.All(Queries.Metrics(query), metric => Assert.True(served.Contains(metric), $"{where} asks for {metric}"));
        }
    }

    private static async Task AssertServesAsync(Uri page, params string[] where)
    {
        await WaitForAllAsync(page, where);
        var (_, text) = await RunningSystem.MetricsAsync(page);
        var wanted = Wanted(where).ToDictionary(static i => i.Family, static i => i.Kind switch { "up-down counter" => "gauge", var kind => kind });
        Assert.Equal(
            wanted.OrderBy(static f => f.Key, StringComparer.Ordinal),
            text.Families.Where(static f => f.Key.StartsWith("webhooks_", StringComparison.Ordinal)).OrderBy(static f => f.Key, StringComparer.Ordinal));
    }

    // Health is looked at some seconds after the start.
    private static Task WaitForAllAsync(Uri page, params string[] where) => Eventually.TrueAsync(
        async () => (await RunningSystem.MetricsAsync(page)).Text.Families.Keys.ToHashSet().IsSupersetOf(Wanted(where).Select(static i => i.Family)),
        "everything is measured at " + page,
        TimeSpan.FromSeconds(15));

    private static IEnumerable<DocumentedInstrument> Wanted(string[] where) => DocumentedInstrument.All.Where(i => where.Contains(i.Where));
}
