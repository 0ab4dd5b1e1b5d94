using Microsoft.Extensions.Diagnostics.HealthChecks;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Health;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Whether the process lives, and whether store and cluster answer.</summary>
internal static class HealthApi
{
    private static readonly string[] ReadMethods = ["GET", "HEAD"];

    public static void AddHealth(this WebApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<ServingCheck>("calls", tags: [HealthPages.Ready])
        .AddCheck<SilosDeliverCheck>("silos", tags: [HealthPages.Ready])
        .AddCheck<PulseCheck>("background", tags: [HealthPages.Live]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthPages();
        app.MapMethods("/api/v1/health", ReadMethods, static async (HealthCheckService health, ClusterState cluster, HttpContext http) =>
        {
            var report = await health.CheckHealthAsync(static check => check.Tags.Contains(HealthPages.Ready), http.RequestAborted);
            var delivers = report.Status == HealthStatus.Healthy;
            var serves = cluster.Trouble is null;
            return new JsonBody(delivers ? 200 : 500, json =>
            {
                json.WriteStartObject();
                foreach (var (part, well) in (ReadOnlySpan<(string, bool)>)[("database", serves), ("queue", delivers), ("cache", serves)])
                {
                    json.WriteStartObject(part);
                    json.WriteString("status", well ? "ok" : "error");
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            });
        });
        app.MapMethods("/api/v1/health/ping", ReadMethods, static () => Results.NoContent());
    }
}
