using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Machinery;

/// <summary>A PostgreSQL and a synchronous standby: what is committed lies on both, so that none of it is lost when the standby takes over.</summary>
/// <remarks>
/// With one exception of PostgreSQL's own: a client that cancels its statement while the commit waits for the standby is told,
/// with a warning, that it is committed. So the standby must keep up; a run that stops it is no test of durability.
/// </remarks>
internal sealed class SynchronousStandby : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresServer? _standby;
    private int _standbys;

    private SynchronousStandby(PostgresServer primary) => Primary = primary;

    /// <summary>The server that takes writes, on a port of its own; another one after each failover.</summary>
    public PostgresServer Primary { get; private set; }

    /// <summary>Starts both.</summary>
    public static async Task<SynchronousStandby> StartAsync()
    {
        var primary = await PostgresServer.StartAsync();
        try
        {
            return await OfAsync(primary);
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives a server that runs a standby.</summary>
    public static async Task<SynchronousStandby> OfAsync(PostgresServer primary)
    {
        var pair = new SynchronousStandby(primary);
        try
        {
            await pair.AddStandbyAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeStandbyAsync();
            throw;
        }
    }

    /// <summary>Makes a standby for the primary; from its return on each commit waits for it.</summary>
    public async Task AddStandbyAsync()
    {
        if (_standby is not null)
        {
            throw new InvalidOperationException("There is a standby already.");
        }

        var name = $"standby{++_standbys}";
        // The copy is made first: it would wait for a standby of its own otherwise, once it is promoted.
        _standby = await Primary.StartStandbyAsync(name);
        await Primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await Primary.ExecuteAsync("ALTER SYSTEM SET synchronous_commit = on");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await Primary.ExecuteAsync($"SELECT sync_state FROM pg_stat_replication WHERE application_name = '{name}'") is "sync",
            "the standby is synchronous",
            Patience);
        // A commit that waits: what was committed before it is on the standby too when it is done.
        await Primary.ExecuteAsync("SELECT pg_current_xact_id()");
    }

    /// <summary>Kills the primary, SIGKILL to all its processes, and makes the standby the primary. Commits wait for nobody until the next one is added.</summary>
    /// <remarks>What stands before it (a proxy) is told the new primary's port by the caller.</remarks>
    public async Task FailOverAsync()
    {
        var next = _standby ?? throw new InvalidOperationException("There is no standby.");
        var last = Primary;
        await last.KillAsync();
        await next.PromoteAsync();
        (Primary, _standby) = (next, null);
        await last.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeStandbyAsync();
        await Primary.DisposeAsync();
    }

    /// <summary>Ends the standby alone; nothing may commit after that.</summary>
    public async ValueTask DisposeStandbyAsync()
    {
        if (_standby is { } standby)
        {
            _standby = null;
            await standby.DisposeAsync();
        }
    }
}
