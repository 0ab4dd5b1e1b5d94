using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;

namespace Webhooks.Grains.Health;

// Each of them looks at what the process knows already: none asks anybody, so none can hang.

/// <summary>Whether the store answers this silo.</summary>
internal sealed class StoreCheck(StoreState store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(store.IsOut
        ? HealthCheckResult.Unhealthy("The store does not answer. Nothing is accepted or sent until it does.")
        : HealthCheckResult.Healthy("The store answers."));
}

/// <summary>Whether the store has just shown this silo as an active member of its cluster.</summary>
internal sealed class MembershipCheck(SendGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(gate.Open
        ? HealthCheckResult.Healthy("The store shows this silo as active.")
        : HealthCheckResult.Unhealthy("The store does not show this silo as active, or has not been seen for 2 s. Nothing is sent."));
}

/// <summary>Whether accepted messages become attempts.</summary>
internal sealed class DeliveriesCheck(StuckEndpoints stuck) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(stuck.Describe() is { } words
        ? HealthCheckResult.Unhealthy(words)
        : HealthCheckResult.Healthy("Accepted messages become attempts."));
}

/// <summary>Whether grains of this silo still get their turns.</summary>
internal sealed class SchedulerCheck(SiloPulse pulse, IOptions<HealthOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        pulse.Age > TimeSpan.FromSeconds(options.Value.LiveSeconds)
            ? HealthCheckResult.Unhealthy($"No grain of this silo has had a turn for {pulse.Age.TotalSeconds:0} s. Restart the process.")
            : HealthCheckResult.Healthy("Grains get their turns."));
}

/// <summary>Whether the others have declared this silo dead, and it has not ended.</summary>
internal sealed class ExpelledCheck(StoreWatch watch, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <summary>Orleans ends a process that learns of its death; this long it has for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        watch.NotActiveFor > Grace && !lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The cluster has declared this silo dead and it has not ended. Restart the process.")
            : HealthCheckResult.Healthy("The silo belongs to its cluster, or has not joined yet."));
}
