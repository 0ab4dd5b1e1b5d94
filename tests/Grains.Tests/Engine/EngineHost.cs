using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>The engine as a process has it: a silo with the real wiring on a store of its own.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    public const string Organization = "org_tests";

    private readonly IHost _host;

    private EngineHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="folder">The data directory; null with a connection string.</param>
    /// <param name="time">The silo's clock; null for the machine's.</param>
    /// <param name="settings">More settings, or other ones.</param>
    public static Task<EngineHost> StartAsync(string? folder, TimeProvider? time = null, params (string Name, string Value)[] settings) =>
        StartWithAsync(services => services.TryAddSingleton(time ?? TimeProvider.System), folder, settings);

    /// <param name="services">Services of its own, registered before the engine's.</param>
    /// <param name="folder">The data directory; null with a connection string.</param>
    /// <param name="settings">More settings, or other ones.</param>
    public static async Task<EngineHost> StartWithAsync(Action<IServiceCollection> services, string? folder, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var values = new Dictionary<string, string?>
        {
            ["Webhooks:DataDirectory"] = folder,
            ["Webhooks:Cluster:SiloPort"] = FreePort(),
            ["Webhooks:Cluster:GatewayPort"] = FreePort(),
            ["Webhooks:Cluster:AdvertisedAddress"] = "127.0.0.1",
            ["Webhooks:Egress:AllowHttp"] = "true",
            ["Webhooks:Egress:AllowedSubnets:0"] = "127.0.0.0/8",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        services(builder.Services);
        builder.AddWebhooksSilo(clustered: false);
        var host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host);
    }

    public async Task<ApplicationDetails> CreateApplicationAsync()
    {
        var id = EntityId.Format(EntityId.Application, TimeOrderedId.Create(TimeProvider.System.GetUtcNow()));
        var answer = await Grains.GetGrain<IApplicationGrain>(id).Create(Organization, new ApplicationChange { Name = Change<string>.To("test") });
        return answer.Value!;
    }

    public async Task<EndpointDetails> CreateEndpointAsync(string application, string url, Func<EndpointChange, EndpointChange>? with = null)
    {
        var change = new EndpointChange { Url = Change<string>.To(url), Version = Change<int>.To(1) };
        var answer = await Grains.GetGrain<IApplicationGrain>(application).CreateEndpoint(Address(application), with?.Invoke(change) ?? change, null);
        return answer.Value ?? throw new InvalidOperationException(answer.Refusal?.Detail);
    }

    public Task<Answer<MessageDetails>> TryPublishAsync(string application, string payload, Guid? token = null) =>
        Grains.GetGrain<IApplicationGrain>(application).Publish(Address(application), new PublishMessage
        {
            Token = token ?? Guid.NewGuid(),
            MayBeRepeat = token is not null,
            EventType = "test.event",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        });

    public async Task<string> PublishAsync(string application, string payload) =>
        (await TryPublishAsync(application, payload)).Value?.Id ?? throw new InvalidOperationException("The publish was refused.");

    public Task<Page<AttemptDetails>> AttemptsAsync(EndpointDetails endpoint, int limit = 250) =>
        Grains.GetGrain<IDeliveryQueries>(0).ListByEndpoint(endpoint.ApplicationId, endpoint.Id, new AttemptFilter(), new PageRequest(limit));

    /// <summary>The grain forgets everything, as when it was idle for long; the next call or reminder makes it anew.</summary>
    public Task DeactivateAllAsync() => Grains.GetGrain<Orleans.Runtime.IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public static ApplicationAddress Address(string application) => new(Organization, application);

    /// <summary>Ends the silo as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private static string FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
