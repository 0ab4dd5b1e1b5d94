using System.Diagnostics;
using Npgsql;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class StoreProxyTests(PrivatePostgres postgres) : IClassFixture<PrivatePostgres>, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly PostgresServer _postgres = postgres.Server;
    private StoreProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _owned.Add(_proxy = StoreProxy.Start(_postgres.Port));
        await _postgres.ExecuteAsync("DROP TABLE IF EXISTS notes; CREATE TABLE notes (id bigint PRIMARY KEY)");
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("INSERT INTO notes VALUES (1)")]
    [InlineData("WITH new AS (INSERT INTO notes VALUES (1) RETURNING id) SELECT id FROM new")]
    [InlineData("BEGIN; INSERT INTO notes VALUES (1); COMMIT")]
    public async Task A_statement_that_writes_is_carried_out_and_its_answer_is_lost(string statement)
    {
        await using var connection = await ConnectAsync();
        _proxy.CutAfterCommits(next: 1);

        await ExecuteAsync(connection, "SELECT id FROM notes FOR UPDATE");
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(connection, statement));
        Assert.Equal((1L, 1), (await CountAsync(), _proxy.Cuts));

        await using var next = await ConnectAsync();
        await ExecuteAsync(next, "INSERT INTO notes VALUES (2)");
    }

    [Fact]
    public async Task A_prepared_statement_that_writes_is_cut_when_it_is_carried_out_not_when_it_is_prepared()
    {
        await using var connection = await ConnectAsync();
        _proxy.CutAfterCommits(next: 1);
        await using var command = new NpgsqlCommand("INSERT INTO notes VALUES ($1)", connection) { Parameters = { new NpgsqlParameter { Value = 1L } } };
        await command.PrepareAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _proxy.Cuts);

        await Assert.ThrowsAsync<NpgsqlException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1L, 1), (await CountAsync(), _proxy.Cuts));
    }

    [Fact]
    public async Task A_transaction_is_cut_at_its_commit_and_never_at_its_rollback()
    {
        await using var connection = await ConnectAsync();
        _proxy.CutAfterCommits(probability: 1);
        await using (var undone = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(connection, "INSERT INTO notes VALUES (1)");
            await undone.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(connection, "INSERT INTO notes VALUES (2)");
        await ExecuteAsync(connection, "INSERT INTO notes VALUES (3)");
        Assert.Equal(0, _proxy.Cuts);
        await Assert.ThrowsAsync<NpgsqlException>(() => transaction.CommitAsync(TestContext.Current.CancellationToken));
        Assert.Equal((2L, 1), (await CountAsync(), _proxy.Cuts));
    }

    [Fact]
    public async Task A_write_that_fails_counts_as_no_cut()
    {
        await ExecuteAsync(await ConnectAsync(), "INSERT INTO notes VALUES (1)");
        _proxy.CutAfterCommits(next: 1);
        await Assert.ThrowsAsync<NpgsqlException>(async () => await ExecuteAsync(await ConnectAsync(), "INSERT INTO notes VALUES (1)"));
        Assert.Equal(0, _proxy.Cuts);
        await Assert.ThrowsAsync<NpgsqlException>(async () => await ExecuteAsync(await ConnectAsync(), "INSERT INTO notes VALUES (2)"));
        Assert.Equal(1, _proxy.Cuts);
    }

    [Theory]
    [InlineData(CutPoint.BeforeTheServer, 0L)]
    [InlineData(CutPoint.AfterTheServer, 1L)]
    public async Task A_statement_with_a_marker_is_cut_once(CutPoint point, long kept)
    {
        await using var connection = await ConnectAsync();
        _proxy.Arm("/* marked */"u8.ToArray(), point);
        await ExecuteAsync(connection, "SELECT 1");
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(connection, "INSERT /* marked */ INTO notes VALUES (1)"));
        await using var next = await ConnectAsync();
        await ExecuteAsync(next, "SELECT 1 /* marked */");
        // The server may not have begun when the client already knows of the cut.
        await Eventually.TrueAsync(async () => await CountAsync() == kept, "the statement is carried out or not");
        Assert.Equal(1, _proxy.Cuts);
    }

    [Fact]
    public async Task Answers_come_later_by_both_delays()
    {
        await using var connection = await ConnectAsync();
        _proxy.Delay(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        await ExecuteAsync(connection, "SELECT 1");
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_black_hole_accepts_carries_nothing_and_lets_go_what_it_held()
    {
        await using var connection = await ConnectAsync();
        _proxy.Blackhole();
        var written = ExecuteAsync(connection, "INSERT INTO notes VALUES (1)");
        var connected = ConnectAsync();
        // Past the proxy everything is as ever, and takes longer than a statement would through it.
        await _postgres.ExecuteAsync("SELECT pg_sleep(0.5)");
        Assert.Equal((false, false, 0L), (written.IsCompleted, connected.IsCompleted, await CountAsync()));

        _proxy.Pass();
        await written;
        await (await connected).DisposeAsync();
        Assert.Equal(1L, await CountAsync());
    }

    [Fact]
    public async Task Refused_connections_are_reset_those_there_are_and_new_ones()
    {
        await using var connection = await ConnectAsync();
        _proxy.Refuse();
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(connection, "SELECT 1"));
        await Assert.ThrowsAsync<NpgsqlException>(() => ConnectAsync());
        await Eventually.TrueAsync(() => _proxy.Connections == 0, "no connection is left");
        _proxy.Pass();
        await (await ConnectAsync()).DisposeAsync();
    }

    [Fact]
    public async Task New_connections_lead_to_another_target()
    {
        await using var other = await PostgresServer.StartAsync();
        await using var old = await ConnectAsync();
        _proxy.Target = other.Port;
        await using var connection = await ConnectAsync();
        Assert.Equal(other.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), await ExecuteAsync(connection, "SHOW port"));
        Assert.Equal(_postgres.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), await ExecuteAsync(old, "SHOW port"));
        _proxy.Break();
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(old, "SHOW port"));
    }

    [Fact]
    public async Task Answers_of_any_length_pass_on_many_connections_at_once()
    {
        _proxy.Delay(default, default);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await using var connection = await ConnectAsync();
            var text = (string)(await ExecuteAsync(connection, $"SELECT repeat('{number % 10}', 300000)"))!;
            Assert.Equal(new string((char)('0' + (number % 10)), 300_000), text);
            await ExecuteAsync(connection, $"INSERT INTO notes VALUES ({number})");
        }));
        Assert.Equal(50L, await CountAsync());
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_proxy.Port};Username=postgres;Database=postgres;Pooling=false");
        _owned.Add(connection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<long> CountAsync() => (long)(await _postgres.ExecuteAsync("SELECT count(*) FROM notes"))!;

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
