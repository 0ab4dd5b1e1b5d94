using System.Collections.Immutable;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>A running gateway, ready to take requests.</summary>
public sealed class GatewayProcess : ServerProcess
{
    private GatewayProcess(ChildProcess process, Uri address)
        : base(process)
    {
        Address = address;
        Api = new WebhooksApi(address);
    }

    public Uri Address { get; }

    /// <summary>The API by an organization's token.</summary>
    public WebhooksApi Api { get; }

    public static async Task<GatewayProcess> StartAsync(ImmutableDictionary<string, string> settings, CancellationToken cancellationToken, Launch? launch = null, TimeSpan? patience = null)
    {
        (settings, var address) = Addressed(settings);
        var gateway = new GatewayProcess(Programs.Start("Gateway.Api", [], settings, launch), address);
        try
        {
            await gateway.WaitUntilReadyAsync(new Uri(address, "health/ready"), patience, cancellationToken);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public override ValueTask DisposeAsync()
    {
        Api.Dispose();
        return base.DisposeAsync();
    }
}
