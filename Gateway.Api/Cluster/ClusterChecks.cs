using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Health;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>Whether a call could be served: a silo answers, and the store answers it.</summary>
internal sealed class ServingCheck(ClusterState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(state.Trouble is { } words
        ? HealthCheckResult.Unhealthy(words)
        : HealthCheckResult.Healthy("Silos answer, and the store answers them."));
}

/// <summary>
/// Whether the silos turn accepted messages into attempts, in their own words. Told, not red: every gateway would be taken
/// out of its load balancer for the sake of one endpoint, and nothing could be published for any.
/// </summary>
internal sealed class SilosDeliverCheck(ClusterState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(state.Stuck is { } words
        ? HealthCheckResult.Degraded(words)
        : HealthCheckResult.Healthy("No silo says that accepted messages wait without cause."));
}

/// <summary>Whether this process still does anything in the background.</summary>
internal sealed class PulseCheck(ClusterWatch watch, IOptions<HealthOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        watch.Age > TimeSpan.FromSeconds(options.Value.LiveSeconds)
            ? HealthCheckResult.Unhealthy($"Nothing has run in the background for {watch.Age.TotalSeconds:0} s. Restart the process.")
            : HealthCheckResult.Healthy("Work in the background runs."));
}
