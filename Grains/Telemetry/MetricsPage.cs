using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Webhooks.Grains.Telemetry;

/// <summary><c>/metrics</c>, for Prometheus.</summary>
public static class MetricsPage
{
    /// <summary>The page's path.</summary>
    public const string Path = "/metrics";

    private const string Scheme = "Bearer ";

    /// <summary>Serves the page, to whoever has the token when one is set.</summary>
    /// <param name="app">The process's pipeline.</param>
    public static void UseMetricsPage(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetRequiredService<IConfiguration>().GetValue<bool>("OTEL_SDK_DISABLED"))
        {
            return;
        }

        var token = app.ApplicationServices.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsToken;
        app.MapWhen(static http => http.Request.Path == Path, branch =>
        {
            if (token is not null)
            {
                var wanted = Encoding.UTF8.GetBytes(Scheme + token);
                branch.Use((http, next) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), wanted)
                    ? next(http)
                    : RefuseAsync(http));
            }

            branch.UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true);
        });
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}
