using System.Collections.Immutable;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>Puts another program before a command. The process's id must stay the program's.</summary>
public delegate (string File, IEnumerable<string> Arguments) Launch(string file, IEnumerable<string> arguments);

/// <summary>How a program that ends by itself ended.</summary>
public sealed record Ended(int ExitCode, string StandardOutput, string StandardError);

/// <summary>The built programs, run from their own output with settings by environment.</summary>
public static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A test says everything that its processes are to know: what this shell happens to have set does not count.
    private static readonly string[] NotInherited = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS"];

    /// <summary>Starts a program.</summary>
    /// <param name="launch">What the command becomes, for a program that is run under another one; as it is when null.</param>
    public static ChildProcess Start(string project, IEnumerable<string> arguments, ImmutableDictionary<string, string> settings, Launch? launch = null)
    {
        var environment = NotInherited.ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        string[] all = ["exec", BuiltOutput.Program(project), .. arguments];
        var (file, launched) = launch?.Invoke("dotnet", all) ?? ("dotnet", all);
        return ChildProcess.Start(file, launched, environment);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunAsync(string project, IEnumerable<string> arguments, ImmutableDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await using var process = Start(project, arguments, settings);
        var exitCode = await process.WaitForExitAsync(Patience, cancellationToken);
        return new Ended(exitCode, process.StandardOutput, process.StandardError);
    }
}
