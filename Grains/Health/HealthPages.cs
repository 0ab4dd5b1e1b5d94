using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Webhooks.Grains.Health;

/// <summary>The health pages of silos and gateways: which checks they show, and how.</summary>
public static class HealthPages
{
    /// <summary>Tag of what must be well for the process to do its work.</summary>
    public const string Ready = "ready";

    /// <summary>Tag of what a restart would mend.</summary>
    public const string Live = "live";

    private static readonly string[] Methods = ["GET", "HEAD"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>What is checked in a silo.</summary>
    internal static IHealthChecksBuilder AddSiloChecks(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<StoreCheck>("store", tags: [Ready], timeout: Patience)
        .AddCheck<MembershipCheck>("membership", tags: [Ready], timeout: Patience)
        .AddCheck<DeliveriesCheck>("deliveries", tags: [Ready], timeout: Patience)
        .AddCheck<SchedulerCheck>("scheduler", tags: [Live], timeout: Patience)
        .AddCheck<ExpelledCheck>("cluster", tags: [Live], timeout: Patience);

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    /// <param name="routes">The process's routes.</param>
    public static void MapHealthPages(this IEndpointRouteBuilder routes)
    {
        // Handlers of their own, not MapHealthChecks: those routes would be missing in the description of the API.
        routes.MapMethods("/health/live", Methods, static (HealthCheckService health, HttpContext http) => CheckAsync(health, http, Live));
        routes.MapMethods("/health/ready", Methods, static (HealthCheckService health, HttpContext http) => CheckAsync(health, http, Ready));
    }

    private static async Task<IResult> CheckAsync(HealthCheckService health, HttpContext http, string tag)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains(tag), http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return Results.Text(Render(report), "application/json", status);
    }

    /// <summary>The page: <c>status</c> and <c>checks</c>, and when one fails what errors of the API have, <c>code</c> and <c>detail</c>.</summary>
    private static byte[] Render(HealthReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", Word(report.Status));
            if (report.Status == HealthStatus.Unhealthy)
            {
                json.WriteString("code", "unavailable");
            }

            if (report.Status != HealthStatus.Healthy)
            {
                json.WriteString("detail", string.Join(' ', report.Entries.Values.Where(static e => e.Status != HealthStatus.Healthy).Select(static e => e.Description)));
            }

            json.WriteStartArray("checks");
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("status", Word(entry.Status));
                json.WriteString("detail", entry.Description ?? "The check did not answer.");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "error",
    };
}
