using Webhooks.Grains.Health;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Silo;

/// <summary>A silo of a cluster, with pages that tell its health.</summary>
internal static class SiloApplication
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddLoggingDefaults();
        builder.AddTelemetry("orleans-webhooks-silo");
        builder.AddWebhooksSilo(clustered: true);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            var cluster = builder.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
            builder.WebHost.UseUrls($"http://*:{cluster.HealthPort}");
        }

        var app = builder.Build();
        app.UseMetricsPage();
        app.MapHealthPages();
        return app;
    }
}
