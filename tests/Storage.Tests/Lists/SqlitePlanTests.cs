using Webhooks.Grains.Storage.Sqlite;

namespace Webhooks.Storage.Tests.Lists;

/// <summary>On 1,000,000 attempts in SQLite: no list reads a table from end to end, by the planner's own account.</summary>
public sealed class SqlitePlanTests(SqlitePlanTests.World world) : IClassFixture<SqlitePlanTests.World>
{
    public static TheoryData<string> Names { get; } = [.. ListQueries.All.Keys, "statistics"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_list_is_read_by_an_index(string name)
    {
        var plans = await world.ExplainAsync(name == "statistics" ? ListQueries.Statistics : ListQueries.All[name]);

        Assert.Contains(plans.SelectMany(static p => p), static step => step.StartsWith("SEARCH", StringComparison.Ordinal));
        Assert.All(plans, static plan => Assert.DoesNotContain(plan, step => IsFullRead(step, plan)));
    }

    /// <summary>What a query makes itself (a subquery's rows, a list in a parameter) it may read whole.</summary>
    private static bool IsFullRead(string step, IReadOnlyList<string> plan)
    {
        if (!step.StartsWith("SCAN ", StringComparison.Ordinal))
        {
            return false;
        }

        var name = step.Split(' ')[1];
        return name != "json_each" && !plan.Contains("CO-ROUTINE " + name) && !plan.Contains("MATERIALIZE " + name) && step != "SCAN CONSTANT ROW";
    }

    public sealed class World : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("orleans-webhooks-").FullName;
        private StoreSet _store = null!;
        private SqliteStore _sqlite = null!;
        private LargeWorld _large = null!;

        public async ValueTask InitializeAsync()
        {
            _store = StoreSet.OnSqlite(_folder);
            _sqlite = _store.Service<SqliteStore>();
            await _store.Schema.MigrateAsync(CancellationToken.None);
            _large = await LargeWorld.OnSqliteAsync(_store, _sqlite);
        }

        /// <summary>The plans of the statements that the call added to those known.</summary>
        internal async Task<IReadOnlyList<IReadOnlyList<string>>> ExplainAsync(Func<StoreSet, LargeWorld, Task<int>> call)
        {
            Assert.NotEqual(0, await call(_store, _large));
            // One call after the other: they share a connection, which remembers its statements.
            return await _sqlite.ReadAsync<IReadOnlyList<IReadOnlyList<string>>>(
                static session => [.. session.Statements.Where(static s => !s.StartsWith("PRAGMA", StringComparison.Ordinal) && !s.StartsWith("EXPLAIN", StringComparison.Ordinal)).ToArray()
                    .Select(sql => session.Query("EXPLAIN QUERY PLAN " + sql, static r => r.GetString(3)))],
                CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
