using Npgsql;
using NpgsqlTypes;

namespace Webhooks.Grains.Storage.Postgres;

/// <summary>Shorthand for parameters and rows.</summary>
internal static class PostgresCommands
{
    /// <exception cref="StoreContentException">A text that cannot be held.</exception>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        Check(value);
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>A parameter whose value may be null, or whose type does not follow from it.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        Check(value);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? IntOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>Reads all rows.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static void Check<T>(T value)
    {
        if (value is string text)
        {
            StorableText.Refuse(text);
        }
        else if (value is string?[] texts)
        {
            StorableText.Refuse(texts);
        }
    }
}
