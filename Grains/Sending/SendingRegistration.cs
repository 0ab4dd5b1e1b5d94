using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Webhooks.Grains.Sending;

/// <summary>Registers the sender.</summary>
internal static class SendingRegistration
{
    private static readonly string[] s_loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>
    /// Adds <see cref="IWebhookSender"/> and <see cref="EgressPolicy"/>, and binds their options, which are validated at
    /// start. In the environment Development http and loopback are allowed.
    /// </summary>
    public static IServiceCollection AddWebhookSending(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConnectionOptions>().BindConfiguration(ConnectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EgressOptions>().BindConfiguration(EgressOptions.Section)
            .PostConfigure<IHostEnvironment>(static (options, environment) =>
            {
                if (environment.IsDevelopment())
                {
                    options.AllowHttp = true;
                    options.AllowedSubnets = [.. options.AllowedSubnets, .. s_loopback];
                }
            })
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EgressOptions>, EgressOptionsValidator>());
        services.TryAddSingleton(static provider => new EgressPolicy(provider.GetRequiredService<IOptions<EgressOptions>>().Value));
        services.TryAddSingleton<IWebhookSender, WebhookSender>();
        return services;
    }
}
