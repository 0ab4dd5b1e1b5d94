using Npgsql;

namespace Webhooks.Faults.Measuring;

/// <summary>What a table takes on disk, its partitions and what lies outside its rows included.</summary>
/// <param name="Table">Bytes of rows.</param>
/// <param name="Indexes">Bytes of its indexes.</param>
internal sealed record TableSize(string Name, long Table, long Indexes);

internal static class TableSizes
{
    private const string Query = """
        SELECT coalesce(pg_partition_root(c.oid), c.oid::regclass)::text, sum(pg_table_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        GROUP BY 1 ORDER BY 1
        """;

    public static async Task<IReadOnlyList<TableSize>> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new List<TableSize>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sizes.Add(new TableSize(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return sizes;
    }
}
