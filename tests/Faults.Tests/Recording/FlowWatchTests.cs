using Webhooks.Faults.Histories;
using Webhooks.Faults.Recording;
using Xunit;

namespace Webhooks.Faults.Tests.Recording;

public sealed class FlowWatchTests
{
    private readonly FlowWatch _watch = new(since: 1_000, ["a", "b"]);

    [Fact]
    public async Task Flow_is_back_when_the_last_endpoint_got_something_new()
    {
        Receive("a", at: 1_100, sentAt: 900);
        Receive("b", at: 1_200, sentAt: 900);
        Receive("a", at: 1_300, sentAt: 1_050);
        Receive("b", at: 1_500, sentAt: 1_050);

        Assert.Equal(new Flow(Any: 200, New: 500), await FlowsAsync());
    }

    [Fact]
    public async Task What_arrived_before_the_moment_counts_for_nothing()
    {
        Receive("a", at: 999, sentAt: 900);
        Receive("a", at: 1_100, sentAt: 1_050);

        await Assert.ThrowsAsync<TimeoutException>(FlowsAsync);
        Assert.Equal("b", _watch.Waiting);
    }

    [Fact]
    public async Task Events_published_before_the_moment_are_nothing_new()
    {
        Receive("a", at: 1_100, sentAt: 1_050);
        Receive("b", at: 1_100, sentAt: 999);

        await Assert.ThrowsAsync<TimeoutException>(FlowsAsync);
    }

    private Task<Flow> FlowsAsync() => _watch.FlowsAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);

    private void Receive(string endpoint, double at, double sentAt) =>
        _watch.Received(new ReceivedRequest(0, endpoint, "msg", 0, at, at, 200, null), sentAt);
}
