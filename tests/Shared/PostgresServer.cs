using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Webhooks.Tests.Shared;

/// <summary>A private PostgreSQL of its own folder and port, fsync on, that ends with the test.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly int _port;
    private int _databases;

    private PostgresServer(string binaries, string folder, int port)
    {
        _binaries = binaries;
        _folder = folder;
        _port = port;
    }

    /// <summary>The port it listens on, at 127.0.0.1.</summary>
    public int Port => _port;

    /// <summary>Its data folder, which belongs to the user that it runs as.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>Connection string of the first database.</summary>
    public string ConnectionString => For("postgres");

    /// <param name="maxConnections">Connections that it takes.</param>
    public static async Task<PostgresServer> StartAsync(int maxConnections = 200)
    {
        var folder = Path.Combine(Path.GetTempPath(), "orleans-webhooks-pg-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        var server = new PostgresServer(FindBinaries(), folder, FreePort());
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        await server.RunAsUserAsync("initdb", ["-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        await File.AppendAllTextAsync(
            Path.Combine(folder, "settings.conf"),
            $"listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = {maxConnections}\nshared_buffers = 128MB\nfsync = on\nfull_page_writes = on\n");
        await server.RunAsUserAsync("sh", ["-c", $"cat {folder}/settings.conf >> {server.Data}/postgresql.conf"], inPath: true);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A fresh database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "test_" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE DATABASE " + name, connection);
        await command.ExecuteNonQueryAsync();
        return For(name);
    }

    /// <summary>Starts it again after a stop.</summary>
    public Task StartAgainAsync() =>
        RunAsUserAsync("pg_ctl", ["-D", Data, "-l", Path.Combine(Data, "log"), "-w", "-o", $"-p {_port}", "start"]);

    /// <summary>Stops it at once, as a crash would: connections break, recovery runs at the next start.</summary>
    public Task StopAsync() => RunAsUserAsync("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);

    /// <summary>Stops it in order: sessions are ended, everything is written, nothing has to be recovered.</summary>
    public Task StopFastAsync() => RunAsUserAsync("pg_ctl", ["-D", Data, "-m", "fast", "-w", "stop"]);

    /// <summary>Kills all its processes (SIGKILL) and ends when they are gone.</summary>
    public async Task KillAsync()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        var postmaster = int.Parse((await File.ReadAllLinesAsync(file))[0], CultureInfo.InvariantCulture);
        var processes = ProcessTree.Of(postmaster);
        ProcessTree.Kill(processes);
        await Eventually.TrueAsync(() => !processes.Any(ProcessTree.Runs), "PostgreSQL's processes are gone");
    }

    /// <summary>What it has written into its log.</summary>
    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(Path.Combine(Data, "log"));

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string For(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    private static string FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return installed.Select(static d => Path.Combine(d, "bin")).FirstOrDefault(static d => File.Exists(Path.Combine(d, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL's server programs are not installed: run ./test.sh, which installs them.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private Task RunAsUserAsync(string program, string[] arguments, bool inPath = false)
    {
        var file = inPath ? program : Path.Combine(_binaries, program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", file, .. arguments]) : RunAsync(file, arguments);
    }

    private static async Task RunAsync(string file, string[] arguments)
    {
        // Output goes nowhere: a server that inherits a pipe would keep it open for ever.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", file, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
