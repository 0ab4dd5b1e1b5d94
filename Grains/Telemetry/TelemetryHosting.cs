using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Webhooks.Grains.Telemetry;

/// <summary>
/// OpenTelemetry in a host: the one place where silos and gateways get it. Metrics are always kept, for <c>/metrics</c>;
/// the rest is there only while the standard variables name a receiver.
/// </summary>
public static class TelemetryHosting
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HealthDelay = TimeSpan.FromSeconds(1);

    /// <summary>Adds what is measured and exported. <see cref="MetricsPage.UseMetricsPage"/> serves it.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's name, unless <c>OTEL_SERVICE_NAME</c> says another.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
        builder.Services.Configure<HealthCheckPublisherOptions>(static options => (options.Delay, options.Period) = (HealthDelay, HealthInterval));

        var signals = OtlpSignals.Of(builder.Configuration);
        // What the variables say comes last: it holds.
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(service, serviceVersion: typeof(TelemetryHosting).Assembly.GetName().Version?.ToString())
            .AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters.Name).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter();
            if (signals.Metrics)
            {
                metrics.AddOtlpExporter(options => OtlpSignals.Apply(builder.Configuration, "METRICS", options));
            }
        });
        if (signals.Traces)
        {
            // Nothing of HttpClient: its one user here is the sender, whose spans name no path.
            telemetry.WithTracing(traces => traces
                .AddSource(Tracing.SourceName, SpanFilter.Grains, SpanFilter.Npgsql)
                .AddAspNetCoreInstrumentation(static options => options.Filter = IsWork)
                .AddProcessor(new SpanFilter())
                .AddOtlpExporter(options => OtlpSignals.Apply(builder.Configuration, "TRACES", options)));
        }

        if (signals.Logs)
        {
            telemetry.WithLogging(
                logging => logging.AddOtlpExporter(options => OtlpSignals.Apply(builder.Configuration, "LOGS", options)),
                static options => options.IncludeFormattedMessage = true);
        }
    }

    /// <summary>Whoever asks how the process is asks again in a second.</summary>
    private static bool IsWork(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/api/v1/health", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/orleans", StringComparison.OrdinalIgnoreCase)
        && http.Request.Path != MetricsPage.Path;
}
