using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Webhooks.Grains.Telemetry;

/// <summary>Which signals the standard variables ask to be exported, and where each goes.</summary>
internal readonly record struct OtlpSignals(bool Metrics, bool Traces, bool Logs)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string Http = "http/protobuf";

    public static OtlpSignals Of(IConfiguration configuration)
    {
        var all = Read(configuration, "ENDPOINT") is not null;
        return new OtlpSignals(
            all || Read(configuration, "METRICS_ENDPOINT") is not null,
            all || Read(configuration, "TRACES_ENDPOINT") is not null,
            all || Read(configuration, "LOGS_ENDPOINT") is not null);
    }

    /// <summary>What one signal's own variables say, which the SDK does not read where signals are added one by one.</summary>
    /// <param name="configuration">The variables.</param>
    /// <param name="signal">Its name in them: <c>METRICS</c>, <c>TRACES</c>, <c>LOGS</c>.</param>
    /// <param name="options">Holds already what the general variables say.</param>
    public static void Apply(IConfiguration configuration, string signal, OtlpExporterOptions options)
    {
        if (Read(configuration, signal + "_PROTOCOL") is { } protocol)
        {
            options.Protocol = protocol == Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        }

        if (Read(configuration, signal + "_ENDPOINT") is { } endpoint)
        {
            options.Endpoint = new Uri(endpoint);
        }

        if (Read(configuration, signal + "_HEADERS") is { } headers)
        {
            options.Headers = headers;
        }

        if (Read(configuration, signal + "_TIMEOUT") is { } timeout)
        {
            options.TimeoutMilliseconds = int.Parse(timeout, CultureInfo.InvariantCulture);
        }
    }

    private static string? Read(IConfiguration configuration, string name) => configuration[Prefix + name] is { Length: > 0 } value ? value : null;
}
