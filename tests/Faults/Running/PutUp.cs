using Webhooks.Faults.Injection;
using Webhooks.Faults.Machinery;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Running;

/// <summary>Decides what stands around the processes of a run: what its faults need, as far as this machine has it.</summary>
internal static class PutUp
{
    private const long DiskBytes = 384L << 20;
    private const long DiskBytesPerMinute = 32L << 20;

    public static RunOptions Around(RunOptions options, IEnumerable<IFault> faults)
    {
        var needs = faults.Aggregate(Needs.None, static (all, fault) => all | fault.Needs);
        if (options.Topology.Standby)
        {
            needs |= Needs.Standby;
        }

        if (options.Topology.Store == StoreKind.Sqlite)
        {
            needs &= Needs.Disk;
        }
        else if (needs.HasFlag(Needs.Disk | Needs.Standby))
        {
            // The standby lies elsewhere, and the disk would be left behind by a failover.
            needs &= options.Topology.Standby || options.Seed % 2 == 0 ? ~Needs.Disk : ~Needs.Standby;
        }

        List<ISurrounding> surroundings = [];
        if (needs.HasFlag(Needs.Standby))
        {
            surroundings.Add(new Standby());
        }

        if (needs.HasFlag(Needs.Proxies))
        {
            surroundings.Add(new StoreProxies());
        }

        if (needs.HasFlag(Needs.Networks) && PrivateNetwork.IsPrivate && NetworkGroups.Unavailable() is null)
        {
            surroundings.Add(new NetworkGroups());
        }

        if (needs.HasFlag(Needs.Clock) && SiloClock.Unavailable() is null)
        {
            surroundings.Add(new SiloClock());
        }

        var topology = options.Topology;
        if (needs.HasFlag(Needs.Disk) && StoreDisk.Unavailable() is null)
        {
            var disk = new StoreDisk(Path.Combine(Path.GetTempPath(), $"webhooks-disk-{Guid.NewGuid():N}"), DiskBytes + (long)(options.Minutes * DiskBytesPerMinute));
            surroundings.Add(disk);
            topology = topology with { StartPostgres = () => disk.StartPostgresAsync(topology.MaxConnections) };
        }

        return options with { Topology = topology with { Surroundings = [.. topology.Surroundings, .. surroundings] } };
    }
}
