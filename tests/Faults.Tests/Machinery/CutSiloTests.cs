using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>The packet filter between real silos: their outgoing connections are known by the group that they run under.</summary>
public sealed class CutSiloTests
{
    // SiloStatus.Dead, as the silos write it into their membership table.
    private const string Dead = "SELECT count(*) FROM orleans_membership WHERE status = 6";

    [Fact]
    public Task A_silo_cut_from_its_peer_is_voted_out_and_reads_of_it_in_the_store_that_it_still_reaches()
    {
        Machine.Offers(PacketFilter.Unavailable());
        return Machine.InPrivateNetworkAsync(typeof(CutSiloTests), async () =>
        {
            var (first, second) = (new NetworkGroup(4201), new NetworkGroup(4202));
            await PacketFilter.PrepareAsync(first);
            await PacketFilter.PrepareAsync(second);
            await using var postgres = await PostgresServer.StartAsync();
            await using var one = SiloUnderTest.Start(postgres.ConnectionString, new Dictionary<string, string?>(), first);
            await one.ReadyAsync();
            await using var other = SiloUnderTest.Start(postgres.ConnectionString, new Dictionary<string, string?>(), second);
            await other.ReadyAsync();
            Assert.Equal(0L, await postgres.ExecuteAsync(Dead));

            await using var cut = await PacketFilter.DropAsync(Flow.Between((first, one.SiloPort), (second, other.SiloPort)));
            var patience = TimeSpan.FromSeconds(60);
            await Eventually.TrueAsync(async () => await postgres.ExecuteAsync(Dead) is 1L, "a silo is declared dead", patience);
            await Eventually.TrueAsync(() => one.HasExited || other.HasExited, "the silo that was declared dead has read it and ended", patience);
        });
    }
}
