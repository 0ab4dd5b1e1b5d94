using System.Collections.Immutable;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>A running silo, a member of its cluster.</summary>
public sealed class SiloProcess : ServerProcess
{
    private SiloProcess(ChildProcess process, string port)
        : base(process) => Port = port;

    /// <summary>The port of its address in the cluster.</summary>
    public string Port { get; }

    public static async Task<SiloProcess> StartAsync(ImmutableDictionary<string, string> settings, CancellationToken cancellationToken, Launch? launch = null, TimeSpan? patience = null)
    {
        settings = Settings.OwnPorts().With(settings);
        var silo = new SiloProcess(Programs.Start("Silo", [], settings, launch), settings["Webhooks__Cluster__SiloPort"]);
        try
        {
            await silo.WaitUntilReadyAsync(new Uri($"http://127.0.0.1:{settings["Webhooks__Cluster__HealthPort"]}/health/ready"), patience, cancellationToken);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }
}
