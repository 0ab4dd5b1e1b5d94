using Microsoft.Extensions.Configuration;

namespace Webhooks.Grains.Telemetry;

/// <summary>Which signals the standard variables ask to be exported.</summary>
internal readonly record struct OtlpSignals(bool Metrics, bool Traces, bool Logs)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static OtlpSignals Of(IConfiguration configuration)
    {
        var all = Is(Endpoint);
        return new OtlpSignals(all || Is("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"), all || Is("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), all || Is("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"));

        bool Is(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
    }
}
