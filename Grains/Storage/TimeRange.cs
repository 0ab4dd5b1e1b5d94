using System.Buffers.Binary;
using Webhooks.Grains.Interfaces;

namespace Webhooks.Grains.Storage;

/// <summary>Times as bounds of ids and of places in the log.</summary>
internal static class TimeRange
{
    /// <summary>The lowest UUIDv7 of this millisecond.</summary>
    public static Guid LowestId(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>
    /// The first seq in <c>[1, tail + 1]</c> accepted at <paramref name="time"/> or later. Within a log times never fall,
    /// and the log is dense: some twenty look-ups by key find it, without an index on time.
    /// </summary>
    /// <param name="acceptedAt">Reads the time at a seq; null where the entry is gone, which only the oldest are.</param>
    public static async Task<long> FirstSeqAsync(long tail, DateTimeOffset time, Func<long, Task<DateTimeOffset?>> acceptedAt)
    {
        var (low, high) = (1L, tail + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await acceptedAt(middle) is { } at && at >= time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}

/// <summary>How a list is walked: from where, which way, and whether the rows must be turned around.</summary>
/// <param name="RunsDown">Whether rows are read from high keys to low.</param>
/// <param name="Reverse">Whether what was read stands against the list's order.</param>
internal readonly record struct Walk(bool RunsDown, bool Reverse)
{
    /// <summary>A page before an item is read backwards; "after" alone asks for the oldest items after that time.</summary>
    public static Walk Of(PageRequest page, bool afterAlone) =>
        afterAlone && page is { Descending: true, Iterator: null }
            ? new Walk(false, true)
            : new Walk(page.Descending != page.Backwards, page.Backwards);

    /// <summary>The page, in the list's order, out of one row more than it may have.</summary>
    public Page<T> Cut<T>(List<T> rows, int limit)
    {
        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveRange(limit, rows.Count - limit);
        }

        if (Reverse)
        {
            rows.Reverse();
        }

        return new Page<T>(rows, more);
    }
}
