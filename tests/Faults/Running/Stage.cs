using Webhooks.Faults.Listing;
using Webhooks.Faults.Publishing;
using Webhooks.Faults.Receiving;
using Webhooks.Faults.Recording;
using Webhooks.Faults.Topologies;

namespace Webhooks.Faults.Running;

/// <summary>Everything that a run of any kind stands on: receivers, processes, applications, a recorder.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(string folder, Recorder recorder, ReceiverFarm receivers, Topology topology, World world)
    {
        Folder = folder;
        Recorder = recorder;
        Receivers = receivers;
        Topology = topology;
        World = world;
    }

    /// <summary>The run's folder: logs of processes, and what the run writes.</summary>
    public string Folder { get; }

    public Recorder Recorder { get; }

    public ReceiverFarm Receivers { get; }

    public Topology Topology { get; }

    public World World { get; }

    public RunClock Clock => Recorder.Clock;

    public IEnumerable<string> EndpointIds => World.Endpoints.Select(static endpoint => endpoint.Id);

    public Api OpenApi() => new(Topology.Gateways[0].Address);

    /// <param name="histories">Whether histories are kept.</param>
    public static async Task<Stage> SetAsync(RunOptions options, bool histories, CancellationToken cancellationToken)
    {
        var folder = options.Keep ?? Path.Combine(Path.GetTempPath(), $"webhooks-faults-{options.Seed}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        var most = (int)(options.Load.Rate * ((options.Minutes * 60) + options.Seconds + 300));
        var recorder = new Recorder(new RunClock(), most, histories);
        var receivers = new ReceiverFarm(recorder, options.Behaviour, new Random(options.Seed + 1));
        await receivers.StartAsync();
        Topology? topology = null;
        try
        {
            topology = await Topology.StartAsync(options.Topology, receivers, folder, cancellationToken);
            using var api = new Api(topology.Gateways[0].Address);
            var world = await World.CreateAsync(api, receivers, options.Applications, cancellationToken);
            return new Stage(folder, recorder, receivers, topology, world);
        }
        catch
        {
            await (topology?.DisposeAsync() ?? ValueTask.CompletedTask);
            await receivers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishers over all gateways.</summary>
    public Load NewLoad(RunOptions options, Action<Answer>? answered = null) =>
        new(options.Load, World, [.. Topology.Gateways.Select(static gateway => gateway.Address)], Recorder, options.Seed) { Answered = answered };

    /// <summary>A watch over all endpoints from a moment on.</summary>
    public FlowWatch NewWatch(double since) => new(since, EndpointIds);

    public async ValueTask DisposeAsync()
    {
        await Topology.DisposeAsync();
        await Receivers.DisposeAsync();
    }
}
