using System.Diagnostics;

namespace Webhooks.Faults.Machinery;

/// <summary>Short programs of the system that are run to their end.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string file, params string[] arguments)
    {
        var (code, output, error) = await TryAsync(file, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {code}: {error.Trim()}");
    }

    /// <summary>Why it cannot be run or ends badly; null when it ends well.</summary>
    public static string? WhyNot(string file, params string[] arguments)
    {
        // Blocks: what cannot be done here is asked before anything runs, by Main and by attributes of tests.
        var (code, _, error) = TryAsync(file, arguments).GetAwaiter().GetResult();
        return code == 0 ? null : $"{file} ended with {code}: {error.Trim()}";
    }

    /// <summary>Where a program lies on the path; null when it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static async Task<(int Code, string Output, string Error)> TryAsync(string file, string[] arguments)
    {
        if (Find(file) is not { } path)
        {
            return (127, "", "not installed: tests/install.sh installs it on Debian");
        }

        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }
}
