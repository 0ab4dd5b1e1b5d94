using Webhooks.Grains.Hosting;

namespace Webhooks.Gateway.Api.Hosting;

/// <summary>The one place where the gateway knows of the engine: by its mode it hosts a silo or calls those of a cluster.</summary>
internal static class EngineHosting
{
    public static void AddEngine(this WebApplicationBuilder builder)
    {
        switch (builder.Configuration.GetValue<ClusterMode>(ClusterOptions.Section + ":Mode"))
        {
            case ClusterMode.Client:
                builder.AddWebhooksClient();
                break;
            case ClusterMode.Member:
                builder.AddWebhooksSilo(clustered: true);
                break;
            default:
                builder.AddWebhooksSilo(clustered: false);
                break;
        }
    }
}
