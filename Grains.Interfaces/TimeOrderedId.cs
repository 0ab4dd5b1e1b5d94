namespace Webhooks.Grains.Interfaces;

/// <summary>
/// Makes UUIDs of version 7 whose order is the order of their making within this process: RFC 9562, section 6.2,
/// method 3 (the 12 bits after the milliseconds carry the fraction of the millisecond), raised by one where two fall together.
/// </summary>
public static class TimeOrderedId
{
    private static long _last;

    /// <summary>A new id at this time, or just after the last one made.</summary>
    public static Guid Create(DateTimeOffset now)
    {
        var ticks = now.UtcTicks - DateTime.UnixEpoch.Ticks;
        var stamp = (ticks / TimeSpan.TicksPerMillisecond << 12) | (ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond);
        while (true)
        {
            var last = Volatile.Read(ref _last);
            // A clock set back by more than the jitter of threads starts anew: ids must keep telling the time.
            var next = stamp > last || last - stamp > 1000L << 12 ? stamp : last + 1;
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return Compose(next);
            }
        }
    }

    /// <summary>The time that a UUIDv7 carries, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16 & 0xFFFF_FFFF_FFFF;
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MaxValue;
    }

    private static Guid Compose(long stamp)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bytes[8..]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, stamp << 4);
        // 48 bits of milliseconds, 4 bits of version, 12 bits of fraction; then 2 bits of variant.
        var fraction = (int)(stamp & 0xFFF);
        bytes[6] = (byte)(0x70 | (fraction >> 8));
        bytes[7] = (byte)fraction;
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
