using System.Text.Json;
using Npgsql;
using Webhooks.Tests.Shared;

namespace Webhooks.Storage.Tests.Lists;

/// <summary>
/// On 1,000,000 attempts of thirty days in PostgreSQL: what the server did for each list, by its own account (auto_explain). No table
/// is read from end to end, and what is read stays near to what is shown.
/// </summary>
public sealed class PostgresPlanTests(PostgresPlanTests.World world) : IClassFixture<PostgresPlanTests.World>
{
    /// <summary>Pages of 8 KiB that the largest list may touch: a full read of the attempts is some 20,000.</summary>
    private const int MostBlocks = 3000;

    /// <summary>A recovery looks for the success of each of a hundred messages in every day since the first: some three pages for each.</summary>
    private const int MostBlocksOfRecovery = 10_000;

    public static TheoryData<string> Names { get; } = [.. ListQueries.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_list_is_read_by_an_index(string name)
    {
        var plans = await world.ExplainAsync(ListQueries.All[name]);

        Assert.NotEmpty(plans);
        Assert.All(plans, static plan =>
        {
            Assert.DoesNotContain(Nodes(plan), static n => n.GetProperty("Node Type").GetString() == "Seq Scan");
            Assert.Contains(Nodes(plan), static n => n.TryGetProperty("Index Name", out _));
        });
        var most = name.StartsWith("what a ", StringComparison.Ordinal) ? MostBlocksOfRecovery : MostBlocks;
        Assert.True(plans.Sum(Blocks) >= 1 && plans.Sum(Blocks) <= most, string.Join('\n', plans.SelectMany(Nodes).Select(Tell)));
    }

    [Fact]
    public async Task Statistics_are_counted_in_indexes_alone()
    {
        var plan = Assert.Single(await world.ExplainAsync(ListQueries.Statistics));

        // Both of each day that has attempts.
        var scans = Nodes(plan).Where(static n => n.TryGetProperty("Index Name", out _) && n.GetProperty("Actual Rows").GetDouble() > 0).ToList();
        Assert.True(scans.Count >= 2 * LargeWorld.Days);
        Assert.All(scans, static n => Assert.Equal("Index Only Scan", n.GetProperty("Node Type").GetString()));
        Assert.DoesNotContain(Nodes(plan), static n => n.GetProperty("Node Type").GetString() == "Seq Scan");
    }

    private static string Tell(JsonElement node) =>
        $"{node.GetProperty("Node Type")} {(node.TryGetProperty("Index Name", out var index) ? index : "")}: {node.GetProperty("Actual Rows")} rows, {node.GetProperty("Actual Loops")} times, {Blocks(node)} pages";

    private static long Blocks(JsonElement plan) => plan.GetProperty("Shared Hit Blocks").GetInt64() + plan.GetProperty("Shared Read Blocks").GetInt64();

    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        [plan, .. plan.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Nodes) : []];

    /// <summary>A server of its own, since it writes down every plan.</summary>
    public sealed class World : IAsyncLifetime
    {
        private PostgresServer _server = null!;
        private StoreSet _store = null!;
        private LargeWorld _large = null!;

        public async ValueTask InitializeAsync()
        {
            _server = await PostgresServer.StartAsync();
            var connectionString = await _server.CreateDatabaseAsync();
            await using (var store = StoreSet.OnPostgres(connectionString))
            {
                await store.Schema.MigrateAsync(CancellationToken.None);
                _large = await LargeWorld.OnPostgresAsync(store, connectionString);
            }

            await using (var source = NpgsqlDataSource.Create(connectionString))
            {
                foreach (var setting in (string[])["session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0", "auto_explain.log_analyze = on", "auto_explain.log_buffers = on", "auto_explain.log_format = 'json'"])
                {
                    await using var command = source.CreateCommand($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting.Replace("'", "''", StringComparison.Ordinal)}', current_database()); END $$");
                    await command.ExecuteNonQueryAsync();
                }
            }

            _store = StoreSet.OnPostgres(connectionString);
            // The driver learns the server's types at its first connection.
            await ListQueries.Statistics(_store, _large);
        }

        /// <summary>The plans of the statements that the call made.</summary>
        internal async Task<IReadOnlyList<JsonElement>> ExplainAsync(Func<StoreSet, LargeWorld, Task<int>> call)
        {
            var before = (await _server.ReadLogAsync()).Length;
            Assert.NotEqual(0, await call(_store, _large));
            var log = (await _server.ReadLogAsync())[before..];
            // What the driver says to the server between two uses of a connection reads no table.
            return [.. Plans(log).Where(static p => Nodes(p).Any(static n => n.TryGetProperty("Relation Name", out _) || n.TryGetProperty("Index Name", out _)))];
        }

        public async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            await _server.DisposeAsync();
        }

        // Each plan stands in the log as "… plan:" and then an object whose lines are indented by a tab.
        private static IEnumerable<JsonElement> Plans(string log)
        {
            const string Mark = " plan:\n";
            for (var at = log.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = log.IndexOf(Mark, at + 1, StringComparison.Ordinal))
            {
                var lines = log[(at + Mark.Length)..].Split('\n').TakeWhile(static l => l.StartsWith('\t'));
                yield return JsonDocument.Parse(string.Join('\n', lines)).RootElement.GetProperty("Plan").Clone();
            }
        }
    }
}
