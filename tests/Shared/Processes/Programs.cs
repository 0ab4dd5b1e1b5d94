using System.Collections.Immutable;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>How a program that ends by itself ended.</summary>
public sealed record Ended(int ExitCode, string StandardOutput, string StandardError);

/// <summary>The built programs, run from their own output with settings by environment.</summary>
public static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A test says everything that its processes are to know: what this shell happens to have set does not count.
    private static readonly string[] NotInherited = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS"];

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string project, IEnumerable<string> arguments, ImmutableDictionary<string, string> settings)
    {
        var environment = NotInherited.ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return ChildProcess.Start("dotnet", ["exec", BuiltOutput.Program(project), .. arguments], environment);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunAsync(string project, IEnumerable<string> arguments, ImmutableDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await using var process = Start(project, arguments, settings);
        var exitCode = await process.WaitForExitAsync(Patience, cancellationToken);
        return new Ended(exitCode, process.StandardOutput, process.StandardError);
    }
}
