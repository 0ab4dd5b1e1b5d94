using Webhooks.Faults.Topologies;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Builds;

/// <summary>All processes are those of another build.</summary>
internal sealed class OtherProcesses(Launch launch) : ISurrounding
{
    public Task PrepareAsync(Topology topology, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Change(Node node)
    {
        var around = node.Launch;
        node.Launch = (file, arguments) =>
        {
            (file, arguments) = launch(file, arguments);
            return around?.Invoke(file, arguments) ?? (file, arguments);
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
