using System.Collections.Immutable;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>A running silo, a member of its cluster.</summary>
public sealed class SiloProcess : ServerProcess
{
    private SiloProcess(ChildProcess process, string port, Uri health)
        : base(process) => (Port, Health) = (port, health);

    /// <summary>The port of its address in the cluster.</summary>
    public string Port { get; }

    /// <summary>Where its health pages are.</summary>
    public Uri Health { get; }

    public static async Task<SiloProcess> StartAsync(ImmutableDictionary<string, string> settings, CancellationToken cancellationToken, Launch? launch = null, TimeSpan? patience = null)
    {
        settings = Settings.OwnPorts().With(settings);
        var health = new Uri($"http://127.0.0.1:{settings["Webhooks__Cluster__HealthPort"]}/health/");
        var silo = new SiloProcess(Programs.Start("Silo", [], settings, launch), settings["Webhooks__Cluster__SiloPort"], health);
        try
        {
            await silo.WaitUntilReadyAsync(new Uri(health, "ready"), patience, cancellationToken);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }
}
