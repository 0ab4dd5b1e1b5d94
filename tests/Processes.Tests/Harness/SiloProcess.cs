using System.Collections.Immutable;
using Webhooks.Tests.Shared;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>A running silo, a member of its cluster.</summary>
internal sealed class SiloProcess : ServerProcess
{
    private SiloProcess(ChildProcess process)
        : base(process)
    {
    }

    public static async Task<SiloProcess> StartAsync(ImmutableDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        settings = settings.With(Settings.OwnPorts());
        var silo = new SiloProcess(Programs.Start("Silo", [], settings));
        try
        {
            await silo.WaitUntilReadyAsync(new Uri($"http://127.0.0.1:{settings["Webhooks__Cluster__HealthPort"]}/health/ready"), cancellationToken);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }
}
