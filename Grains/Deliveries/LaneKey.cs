using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Deliveries;

/// <summary>The lane that a message keeps its order in, as parked rows name it: what was parked must be found in it again.</summary>
internal static class LaneKey
{
    public static long Of(OrderingMode mode, string? orderingKey, long seq) => mode switch
    {
        OrderingMode.Strict => 0,
        OrderingMode.Key when orderingKey is not null =>
            BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(orderingKey))),
        // Messages without a key keep their order among themselves.
        OrderingMode.Key => 0,
        _ => seq,
    };
}
