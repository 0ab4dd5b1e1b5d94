using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Webhooks.Gateway.Api.Tests.ApiFixture))]

namespace Webhooks.Gateway.Api.Tests;

/// <summary>The real gateway with its silo and embedded store, in this process, on free ports and in a folder of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests").FullName;
    private WebApplication? _app;

    /// <summary>What the gateway is made of.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>A client of an organization that no other test has.</summary>
    public ApiClient NewOrganization(out string organization)
    {
        organization = "org_" + Guid.NewGuid().ToString("N");
        return new ApiClient(Address, TestTokens.ForOrganization(organization));
    }

    /// <summary>A client of an organization that no other test has.</summary>
    public ApiClient NewOrganization() => NewOrganization(out _);

    /// <summary>A client with this token, or with none.</summary>
    public ApiClient With(string? token) => new(Address, token);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:DataDirectory"] = _folder,
            ["Webhooks:Auth:JwtSecret"] = TestTokens.Secret,
            ["Webhooks:Cluster:Mode"] = "Standalone",
            ["Webhooks:Cluster:SiloPort"] = FreePort(),
            ["Webhooks:Cluster:GatewayPort"] = FreePort(),
            ["Webhooks:Egress:AllowHttp"] = "true",
            ["Webhooks:Egress:AllowedSubnets:0"] = "127.0.0.0/8",
            ["Webhooks:Delivery:RetrySchedule:0"] = "1",
            ["Webhooks:Inbox:Enabled"] = "true",
            ["Webhooks:Inbox:MaxBytes"] = "65536",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Logging.ClearProviders();
        builder.AddGateway();
        _app = builder.Build();
        _app.UseGateway();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
