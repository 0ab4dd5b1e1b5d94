using Webhooks.Faults.Machinery;

namespace Webhooks.Faults.Topologies.Surroundings;

/// <summary>One silo goes by a clock that can be moved.</summary>
internal sealed class SiloClock : ISurrounding
{
    private readonly FakeClock _clock = new();

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Unavailable() => FakeClock.Unavailable();

    /// <summary>The silo.</summary>
    public Node? Silo { get; private set; }

    public FakeClock Clock => _clock;

    public Task PrepareAsync(Topology topology, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Change(Node node)
    {
        if (node.IsSilo && Silo is null)
        {
            Silo = node;
            node.Settings = node.Settings.SetItems(_clock.Variables.Select(static variable => KeyValuePair.Create(variable.Key, variable.Value!)));
        }
    }

    public ValueTask DisposeAsync()
    {
        _clock.Dispose();
        return ValueTask.CompletedTask;
    }
}
