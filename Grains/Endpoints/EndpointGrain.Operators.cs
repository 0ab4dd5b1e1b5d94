using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Endpoints;

/// <summary>What operators may do to a queue.</summary>
internal sealed partial class EndpointGrain
{
    public Task<Answer<GivenUp>> GiveUp(long upTo, string reason) => throw new NotSupportedException();

    public Task<Answer<GivenUp>> Skip(string? message) => throw new NotSupportedException();

    public Task StartRecovery(string task, RecoverTask recovery) => throw new NotSupportedException();

    public Task<bool> CancelRecovery(string task) => throw new NotSupportedException();

    public Task Throttle(int? applicationRate) => throw new NotSupportedException();
}
