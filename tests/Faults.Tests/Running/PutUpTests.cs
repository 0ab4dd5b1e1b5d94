using Webhooks.Faults.Injection;
using Webhooks.Faults.Running;
using Webhooks.Faults.Topologies;
using Webhooks.Faults.Topologies.Surroundings;

namespace Webhooks.Faults.Tests.Running;

public sealed class PutUpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task All_faults_together_never_put_the_store_on_a_small_disk_and_before_a_standby(int seed)
    {
        var surroundings = Around(new RunOptions { Seed = seed }, [.. Catalogue.All]);
        Assert.True(surroundings.OfType<Standby>().Count() + surroundings.OfType<StoreDisk>().Count() <= 1);
        Assert.Equal(seed % 2 == 0, surroundings.OfType<Standby>().Any());
        await DisposeAsync(surroundings);
    }

    [Fact]
    public async Task A_fault_brings_what_it_needs_and_nothing_else()
    {
        var surroundings = Around(new RunOptions(), Named("store-failover"));
        Assert.Equal([typeof(Standby), typeof(StoreProxies)], surroundings.Select(static s => s.GetType()));
        Assert.Empty(Around(new RunOptions(), Named("kill-silo")));
        await DisposeAsync(surroundings);
    }

    [Fact]
    public async Task A_standalone_process_has_no_proxies_and_no_standby()
    {
        var surroundings = Around(new RunOptions { Topology = new TopologyOptions { Store = StoreKind.Sqlite } }, [.. Catalogue.All]);
        Assert.DoesNotContain(surroundings, static s => s is Standby or StoreProxies or NetworkGroups or SiloClock);
        await DisposeAsync(surroundings);
    }

    private static IReadOnlyList<ISurrounding> Around(RunOptions options, IFault[] faults) => PutUp.Around(options, faults).Topology.Surroundings;

    private static IFault[] Named(string kind) => [Catalogue.All.Single(fault => fault.Kind == kind)];

    private static async Task DisposeAsync(IReadOnlyList<ISurrounding> surroundings)
    {
        foreach (var surrounding in surroundings)
        {
            await surrounding.DisposeAsync();
        }
    }
}
