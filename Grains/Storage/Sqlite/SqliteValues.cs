using Microsoft.Data.Sqlite;

namespace Webhooks.Grains.Storage.Sqlite;

/// <summary>How our values lie in SQLite: ids as 16 big-endian bytes, times as microseconds since 1970.</summary>
internal static class SqliteValues
{
    public static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => Microseconds(time),
        bool flag => flag ? 1L : 0L,
        _ => value,
    };

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static Guid Id(this SqliteDataReader reader, int column)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.GetFieldValue<byte[]>(column).CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public static DateTimeOffset Time(this SqliteDataReader reader, int column) =>
        new((reader.GetInt64(column) * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    public static string? TextOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? IntOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static byte[]? BytesOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
