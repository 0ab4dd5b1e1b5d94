using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>Two processes call the same port; the filter is to tell them apart.</summary>
public sealed class PacketFilterTests
{
    private static readonly NetworkGroup s_cut = new(4101);
    private static readonly NetworkGroup s_other = new(4102);

    [Fact]
    public Task What_one_process_opened_is_dropped_and_goes_on_when_healed() => InsideAsync(async (echo, cut, other) =>
    {
        await using (await PacketFilter.DropAsync(new Flow(echo.Port, s_cut)))
        {
            var answered = cut.Answered;
            await other.HearsAsync(20);
            Assert.InRange(cut.Answered, answered, answered + 1);
        }

        await cut.HearsAsync(5);
        Assert.Equal((1, 0), (cut.Connected, cut.Broken));
    });

    [Fact]
    public Task What_one_process_opened_breaks_when_rejected_and_can_be_opened_again_when_healed() => InsideAsync(async (echo, cut, other) =>
    {
        await using (await PacketFilter.RejectAsync(new Flow(echo.Port, s_cut)))
        {
            await Eventually.TrueAsync(() => cut.Broken > 2, "the connection breaks and new ones are refused");
            await other.HearsAsync(20);
            Assert.Equal(1, cut.Connected);
        }

        await cut.HearsAsync(5);
        Assert.Equal((2, 1), (cut.Connected, other.Connected));
    });

    [Fact]
    public Task A_port_is_cut_from_everyone() => InsideAsync(async (echo, cut, other) =>
    {
        await using var elsewhere = new Echo();
        await using var free = Caller.Start(s_cut, elsewhere.Port);
        await free.HearsAsync(1);

        await using (await PacketFilter.DropAsync(new Flow(echo.Port)))
        {
            var answered = cut.Answered + other.Answered;
            await free.HearsAsync(20);
            Assert.InRange(cut.Answered + other.Answered, answered, answered + 2);
        }

        await cut.HearsAsync(5);
        await other.HearsAsync(5);
    });

    [Fact]
    public Task One_direction_is_cut_and_the_other_is_not() => InsideAsync(async (echo, cut, other) =>
    {
        // The caller's new connections and calls arrive; what the listener says does not.
        await using (await PacketFilter.DropAsync(new Flow(echo.Port, s_cut, FlowDirection.FromListener)))
        {
            var (heard, answered, others) = (echo.Heard, cut.Answered, other.Answered);
            await other.HearsAsync(20);
            // One call after the last answer, and one answer that was under way.
            Assert.InRange(cut.Answered, answered, answered + 1);
            Assert.InRange(echo.Heard - heard, other.Answered - others - 1, other.Answered - others + 2);
        }

        await cut.HearsAsync(5);
    });

    [Fact]
    public Task Two_cuts_are_healed_one_by_one() => InsideAsync(async (echo, cut, other) =>
    {
        var first = await PacketFilter.DropAsync(new Flow(echo.Port, s_cut));
        var second = await PacketFilter.DropAsync(Flow.Between(s_cut, port: 1, echo.Port));
        await first.DisposeAsync();

        var answered = cut.Answered;
        await other.HearsAsync(20);
        Assert.InRange(cut.Answered, answered, answered + 1);
        await second.DisposeAsync();
        await second.DisposeAsync();
        await cut.HearsAsync(5);
    });

    [Fact]
    public async Task Outside_a_private_network_nothing_is_cut() =>
        await Assert.ThrowsAsync<InvalidOperationException>(static () => PacketFilter.DropAsync(new Flow(1)));

    private static Task InsideAsync(Func<Echo, Caller, Caller, Task> body, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        Machine.Offers(PacketFilter.Unavailable());
        return Machine.InPrivateNetworkAsync(
            typeof(PacketFilterTests),
            async () =>
            {
                await PacketFilter.PrepareAsync(s_cut);
                await using var echo = new Echo();
                await using var cut = Caller.Start(s_cut, echo.Port);
                await using var other = Caller.Start(s_other, echo.Port);
                await cut.HearsAsync(1);
                await other.HearsAsync(1);
                await body(echo, cut, other);
            },
            test);
    }
}
