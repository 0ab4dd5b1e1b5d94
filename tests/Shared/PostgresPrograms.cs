using System.Diagnostics;
using System.Globalization;

namespace Webhooks.Tests.Shared;

/// <summary>The server programs of PostgreSQL, the newest version that is installed.</summary>
internal static class PostgresPrograms
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string s_folder = Find();

    /// <summary>Runs one as the user that it wants: PostgreSQL refuses to run as root.</summary>
    public static Task RunAsync(string program, params string[] arguments) => RunAsUserAsync(Path.Combine(s_folder, program), arguments);

    /// <summary>Runs any program as the user that owns the clusters.</summary>
    public static Task RunAsUserAsync(string file, params string[] arguments) =>
        Environment.UserName == "root" ? RunAnyAsync("runuser", ["-u", "postgres", "--", file, .. arguments]) : RunAnyAsync(file, arguments);

    public static async Task RunAnyAsync(string file, params string[] arguments)
    {
        // Output goes nowhere: a server that inherits a pipe would keep it open for ever.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", file, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    private static string Find()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return installed.Select(static d => Path.Combine(d, "bin")).FirstOrDefault(static d => File.Exists(Path.Combine(d, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL's server programs are not installed: run ./test.sh, which installs them.");
    }
}
