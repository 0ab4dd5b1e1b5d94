using System.Globalization;
using Npgsql;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Tests.Shared;

/// <summary>A private PostgreSQL of its own folder and port, fsync on, that ends with the test.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder;
    private bool _killed;
    private int _databases;

    private PostgresServer(string folder) => _folder = folder;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Connection string of the first database.</summary>
    public string ConnectionString => For("postgres");

    /// <summary>Its data folder, which belongs to the user that it runs as.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <param name="within">The folder that its own folder is made in; the one for temporary files by default.</param>
    /// <param name="maxConnections">Connections that it takes.</param>
    public static async Task<PostgresServer> StartAsync(string? within = null, int maxConnections = 200)
    {
        var server = await CreateAsync(within);
        await PostgresPrograms.RunAsync("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        var settings = Path.Combine(server._folder, "settings.conf");
        await File.AppendAllTextAsync(
            settings,
            $"listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = {maxConnections}\nshared_buffers = 128MB\nfsync = on\nfull_page_writes = on\n");
        await PostgresPrograms.RunAsUserAsync("sh", "-c", $"cat {settings} >> {server.Data}/postgresql.conf");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a standby of this server that follows it until it is promoted; where either lies makes no difference.</summary>
    /// <param name="name">Its name among the standbys (<c>application_name</c>).</param>
    public async Task<PostgresServer> StartStandbyAsync(string name)
    {
        var standby = await CreateAsync(null);
        await PostgresPrograms.RunAsync(
            "pg_basebackup", "-D", standby.Data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", $"host=127.0.0.1 port={Port} user=postgres application_name={name}");
        await standby.StartAgainAsync();
        return standby;
    }

    /// <summary>Makes a standby a server of its own, which takes writes once this returns.</summary>
    public Task PromoteAsync() => PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-w", "promote");

    /// <summary>A fresh database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "test_" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync("CREATE DATABASE " + name);
        return For(name);
    }

    /// <summary>Carries out a statement in the first database, on a connection of its own, and returns its first value.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts it again after a stop.</summary>
    public async Task StartAgainAsync()
    {
        var log = Path.Combine(Data, "log");
        try
        {
            await PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-l", log, "-w", "-o", $"-p {Port}", "start");
        }
        catch (InvalidOperationException error) when (File.Exists(log))
        {
            throw new InvalidOperationException($"PostgreSQL did not start. Its log ends with: {string.Join('\n', File.ReadLines(log).TakeLast(20))}", error);
        }

        _killed = false;
    }

    /// <summary>Stops it at once, as a crash would: connections break, recovery runs at the next start.</summary>
    public Task StopAsync() => PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Stops it in order: sessions are ended, everything is written, nothing has to be recovered.</summary>
    public Task StopFastAsync() => PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-m", "fast", "-w", "stop");

    /// <summary>Kills all its processes (SIGKILL), as when its machine is gone, and ends when they are gone.</summary>
    public async Task KillAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid"));
        var server = int.Parse(lines[0], CultureInfo.InvariantCulture);
        // Stopped first, so that it makes no new ones meanwhile.
        await PostgresPrograms.RunAnyAsync("kill", "-STOP", lines[0]);
        var processes = ProcessTree.Of(server);
        ProcessTree.Kill(processes);
        _killed = true;
        await Eventually.TrueAsync(() => !processes.Any(ProcessTree.Runs), "PostgreSQL's processes are gone");
        // Its number is taken until the machine has buried it, which may be later than it is started again.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
    }

    /// <summary>Whether the server's own process lives, whatever it can do.</summary>
    public bool IsRunning()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        return File.Exists(file) && File.ReadLines(file).FirstOrDefault() is { } id && ProcessTree.Runs(int.Parse(id, CultureInfo.InvariantCulture));
    }

    /// <summary>What it has written into its log.</summary>
    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(Path.Combine(Data, "log"));

    public async ValueTask DisposeAsync()
    {
        if (!_killed && IsRunning())
        {
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string For(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    private static async Task<PostgresServer> CreateAsync(string? within)
    {
        var folder = Path.Combine(within ?? Path.GetTempPath(), "orleans-webhooks-pg-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root")
        {
            await PostgresPrograms.RunAnyAsync("chown", "postgres", folder);
        }

        return new PostgresServer(folder);
    }
}
