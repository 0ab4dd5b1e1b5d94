using Webhooks.Grains.Hosting;

namespace Webhooks.Silo;

/// <summary>A silo of a cluster, with pages that tell its health.</summary>
internal static class SiloApplication
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddLoggingDefaults();
        builder.AddWebhooksSilo(clustered: true);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            var cluster = builder.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
            builder.WebHost.UseUrls($"http://*:{cluster.HealthPort}");
        }

        var app = builder.Build();
        app.MapGet("/health/live", static () => Results.Text("live"));
        // Open: the store has just shown this silo as an active member.
        app.MapGet("/health/ready", static (SiloHealth health) => health.IsReady
            ? Results.Text("ready")
            : Results.Text("The store does not show this silo as active.", statusCode: StatusCodes.Status503ServiceUnavailable));
        return app;
    }
}
