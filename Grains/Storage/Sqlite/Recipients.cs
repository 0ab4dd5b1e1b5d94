namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>A message's recipients as bytes: ascending ordinals, each as its distance from the one before, 7 bits a byte.</summary>
internal static class Recipients
{
    public static byte[] Write(ReadOnlySpan<int> ordinals)
    {
        var bytes = new List<byte>(ordinals.Length);
        var last = 0;
        foreach (var ordinal in ordinals)
        {
            var distance = (uint)(ordinal - last);
            for (; distance >= 0x80; distance >>= 7)
            {
                bytes.Add((byte)(distance | 0x80));
            }

            bytes.Add((byte)distance);
            last = ordinal;
        }

        return [.. bytes];
    }

    public static int[] Read(byte[] bytes)
    {
        var ordinals = new List<int>(bytes.Length);
        var at = 0;
        var last = 0;
        while (at < bytes.Length)
        {
            ordinals.Add(last = Next(bytes, ref at, last));
        }

        return [.. ordinals];
    }

    public static bool Contains(byte[] bytes, int ordinal)
    {
        var at = 0;
        var last = 0;
        while (at < bytes.Length)
        {
            last = Next(bytes, ref at, last);
            if (last >= ordinal)
            {
                return last == ordinal;
            }
        }

        return false;
    }

    private static int Next(byte[] bytes, ref int at, int last)
    {
        uint distance = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            distance |= (part & 0x7Fu) << shift;
            if (part < 0x80)
            {
                return last + (int)distance;
            }
        }
    }
}
