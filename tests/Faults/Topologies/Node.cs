using System.Collections.Immutable;
using System.Globalization;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Topologies;

/// <summary>A silo, a gateway or a standalone process: a place in the topology that a process fills, dies in and is started in again.</summary>
/// <param name="name">Its name in logs: <c>silo-1</c>.</param>
/// <param name="isSilo">Whether it runs the silo program; the gateway program otherwise.</param>
/// <param name="settings">Its environment, ports and address included, so that it comes back where it was.</param>
/// <param name="logs">Folder for what its processes wrote.</param>
internal sealed class Node(string name, bool isSilo, ImmutableDictionary<string, string> settings, string logs) : IAsyncDisposable
{
    // All processes of a run may start at the same time, on a machine that has other things to do.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private ServerProcess? _process;
    private int _starts;

    public string Name => name;

    public bool IsSilo => isSilo;

    /// <summary>Its environment at the next start.</summary>
    public ImmutableDictionary<string, string> Settings { get; set; } = settings;

    /// <summary>What its command becomes at the next start; null for as it is.</summary>
    public Launch? Launch { get; set; }

    /// <summary>Where a gateway or a standalone process answers.</summary>
    public Uri Address => new(Settings["ASPNETCORE_URLS"]);

    /// <summary>The port of a silo for its peers.</summary>
    public int SiloPort => int.Parse(Settings["Webhooks__Cluster__SiloPort"], CultureInfo.InvariantCulture);

    /// <summary>The port of a silo for gateways.</summary>
    public int GatewayPort => int.Parse(Settings["Webhooks__Cluster__GatewayPort"], CultureInfo.InvariantCulture);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The id of its process; null when none runs.</summary>
    public int? ProcessId => IsRunning ? _process!.Id : null;

    /// <summary>Starts a process and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{name} runs already.");
        }

        await ForgetAsync();
        _starts++;
        _process = isSilo
            ? await SiloProcess.StartAsync(Settings, cancellationToken, Launch, StartPatience)
            : await GatewayProcess.StartAsync(Settings, cancellationToken, Launch, StartPatience);
    }

    /// <summary><c>SIGKILL</c>.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary><c>SIGTERM</c>; ends with the process.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => Process.TerminateAsync(StopPatience, cancellationToken);

    /// <summary><c>SIGSTOP</c>: it is alive to the system and dead to everybody else.</summary>
    public void Freeze() => Process.Signal("STOP");

    /// <summary><c>SIGCONT</c>.</summary>
    public void Thaw() => Process.Signal("CONT");

    public ValueTask DisposeAsync() => ForgetAsync();

    private ServerProcess Process => _process ?? throw new InvalidOperationException($"{name} was never started.");

    private async ValueTask ForgetAsync()
    {
        if (_process is null)
        {
            return;
        }

        await _process.DisposeAsync();
        var file = Path.Combine(logs, string.Create(CultureInfo.InvariantCulture, $"{name}-{_starts}.log"));
        await File.WriteAllTextAsync(file, _process.Output);
        _process = null;
    }
}
