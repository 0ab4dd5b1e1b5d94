using System.Globalization;
using Npgsql;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

public sealed class SynchronousStandbyTests
{
    [Fact]
    public async Task What_was_committed_before_the_kill_is_there_after_each_failover()
    {
        await using var pair = await SynchronousStandby.StartAsync();
        await pair.Primary.ExecuteAsync("CREATE TABLE notes (id bigint PRIMARY KEY)");
        var committed = new List<long>();

        for (var round = 0; round < 2; round++)
        {
            var port = pair.Primary.Port;
            var writers = Enumerable.Range(0, 4).Select(writer => WriteUntilItBreaksAsync(pair.Primary, first: (((round * 4) + writer) * 1_000_000L) + 1, committed)).ToArray();
            await Eventually.TrueAsync(() => Locked(committed, static c => c.Count) >= 200 * (round + 1), "rows are committed");
            await pair.FailOverAsync();
            await Task.WhenAll(writers);

            Assert.NotEqual(port, pair.Primary.Port);
            var kept = new HashSet<long>();
            await using (var connection = new NpgsqlConnection(pair.Primary.ConnectionString + ";Pooling=false"))
            {
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                await using var command = new NpgsqlCommand("SELECT id FROM notes", connection);
                await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                {
                    kept.Add(reader.GetInt64(0));
                }
            }

            Assert.Empty(committed.Except(kept));
            // Each writer may have had one commit whose answer it never got.
            Assert.InRange(kept.Count, committed.Count, committed.Count + (4 * (round + 1)));
            await pair.AddStandbyAsync();
        }
    }

    [Fact]
    public async Task Commits_wait_for_the_standby()
    {
        await using var pair = await SynchronousStandby.StartAsync();
        Assert.Equal("standby1", await pair.Primary.ExecuteAsync("SHOW synchronous_standby_names"));
        Assert.Equal("on", await pair.Primary.ExecuteAsync("SHOW synchronous_commit"));
        await Assert.ThrowsAsync<InvalidOperationException>(pair.AddStandbyAsync);
        await pair.FailOverAsync();
        Assert.Equal("", await pair.Primary.ExecuteAsync("SHOW synchronous_standby_names"));
        await Assert.ThrowsAsync<InvalidOperationException>(pair.FailOverAsync);
    }

    private static async Task WriteUntilItBreaksAsync(PostgresServer server, long first, List<long> committed)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            for (var id = first; ; id++)
            {
                await using var command = new NpgsqlCommand("INSERT INTO notes VALUES (" + id.ToString(CultureInfo.InvariantCulture) + ")", connection);
                await command.ExecuteNonQueryAsync();
                Locked(committed, c => { c.Add(id); return 0; });
            }
        }
        catch (NpgsqlException)
        {
            // The primary was killed.
        }
    }

    private static T Locked<T>(List<long> list, Func<List<long>, T> body)
    {
        lock (list)
        {
            return body(list);
        }
    }
}
