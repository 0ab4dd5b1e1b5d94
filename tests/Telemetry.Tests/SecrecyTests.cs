using System.Text;
using Webhooks.Telemetry.Tests.Harness;
using Xunit;

namespace Webhooks.Telemetry.Tests;

/// <summary>What processes write and export holds ids and nothing that is secret.</summary>
public sealed class SecrecyTests(RunningSystem system)
{
    [Fact]
    public async Task No_span_metric_or_log_record_that_is_exported_holds_a_secret()
    {
        await system.SpansAsync(static all => all.Any(static s => s.Attribute("error.type") == "500") && all.Any(static s => s.Attribute("error.type") == "connect_failed"), "failures were exported");
        foreach (var signal in (string[])["/v1/traces", "/v1/metrics", "/v1/logs"])
        {
            await Webhooks.Tests.Shared.Eventually.TrueAsync(() => system.Otlp.Of(signal).Any(), signal + " was exported");
            var exported = string.Concat(system.Otlp.Of(signal).Select(static request => Encoding.Latin1.GetString(request.Body)));
            AssertClean(signal, exported);
        }
    }

    [Fact]
    public void No_log_line_holds_a_secret()
    {
        Assert.Contains("Now listening", system.Gateway.Output, StringComparison.Ordinal);
        AssertClean("gateway", system.Gateway.Output);
        AssertClean("silo", system.Silo.Output);
        AssertClean("standalone", system.Standalone.Output);
    }

    [Fact]
    public async Task No_metric_holds_a_secret()
    {
        foreach (var page in (Uri[])[system.GatewayMetrics, system.SiloMetrics, system.StandaloneMetrics])
        {
            AssertClean(page.AbsoluteUri, (await RunningSystem.MetricsAsync(page)).Text.ToString());
        }
    }

    private static void AssertClean(string where, string text)
    {
        foreach (var secret in Secrets.All)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, $"{where} holds {secret}: …{(at < 0 ? "" : text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 60)])}…");
        }
    }
}
