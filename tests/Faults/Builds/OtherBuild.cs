using System.Diagnostics;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Builds;

/// <summary>The silo and the gateway of a revision, as it is or changed, built in a folder of their own, which goes with it.</summary>
internal sealed class OtherBuild : IDisposable
{
    private static readonly string[] s_projects = ["Silo", "Gateway.Api"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-build-").FullName;

    /// <param name="revision">As git names it.</param>
    /// <param name="change">What is done to its sources, in the folder that it is given.</param>
    /// <exception cref="ArgumentException">There is no such revision, or a change has no place in it.</exception>
    public static async Task<OtherBuild> MakeAsync(string revision, Action<string>? change, CancellationToken cancellationToken)
    {
        var build = new OtherBuild();
        try
        {
            var archive = Path.Combine(build._folder, "revision.tar");
            if (await RunAsync("git", ["-C", BuiltOutput.Repository, "archive", "--output", archive, revision], cancellationToken) is { } unknown)
            {
                throw new ArgumentException($"{revision} is no revision that can be built: {unknown}");
            }

            await MustAsync("tar", ["-xf", archive, "-C", build._folder], cancellationToken);
            File.Delete(archive);
            change?.Invoke(build._folder);
            foreach (var project in s_projects)
            {
                // What is known of its packages today is no reason not to build it.
                await MustAsync(
                    "dotnet",
                    ["build", Path.Combine(build._folder, project), "-c", "Release", "--disable-build-servers", "-p:NuGetAudit=false"],
                    cancellationToken);
            }

            return build;
        }
        catch
        {
            build.Dispose();
            throw;
        }
    }

    /// <summary>The launch that runs its programs instead of today's.</summary>
    public Launch Launch => (file, arguments) => (file, arguments.Select(Other));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Other(string argument)
    {
        var project = Array.Find(s_projects, project => argument == BuiltOutput.Program(project));
        return project is null ? argument : Path.Combine(_folder, project, "bin", "Release", "net10.0", project + ".dll");
    }

    private static async Task MustAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (await RunAsync(file, arguments, cancellationToken) is { } error)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} failed: {error}");
        }
    }

    /// <summary>What it wrote when it failed; null when it did not.</summary>
    private static async Task<string?> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return process.ExitCode == 0 ? null : await output + await error;
    }
}
