using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Webhooks.Grains.Applications;
using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Operations;
using Webhooks.Grains.Retention;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Hosting;

/// <summary>What the grains of a silo work with.</summary>
internal static class EngineRegistration
{
    public static IServiceCollection AddWebhookEngine(this IServiceCollection services)
    {
        services.AddWebhookSending();
        services.TryAddSingleton<AppendWriter>();
        services.TryAddSingleton<OutcomeWriter>();
        services.TryAddSingleton<CursorLifter>();
        services.TryAddSingleton<StoreCleaner>();
        services.AddRetention();
        services.TryAddSingleton<OperationalWebhooks>();
        services.TryAddSingleton<PublishBudget>();
        services.TryAddSingleton<EndpointActivations>();
        services.TryAddSingleton<AttemptSlots>();
        services.TryAddSingleton<WindowBudget>();
        services.TryAddSingleton<EndpointMarks>();
        services.TryAddSingleton<EndpointServices>();
        services.AddMetrics();
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<CommitMetrics>();
        services.AddHostedService<SiloGauges>();
        services.AddHostedService<RecoveryTrigger>();
        return services;
    }
}
