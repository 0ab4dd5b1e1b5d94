using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Endpoints;

/// <summary>Payload bytes that the windows of a silo hold together; past the limit a window is one message.</summary>
internal sealed class WindowBudget(IOptions<DeliveryOptions> options)
{
    private long _bytes;

    /// <summary>Whether windows may hold more than one message.</summary>
    public bool HasRoom => Interlocked.Read(ref _bytes) < options.Value.SiloWindowBytes;

    /// <summary>Bytes that windows hold now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>One window's bytes changed.</summary>
    public void Change(long difference) => Interlocked.Add(ref _bytes, difference);
}
