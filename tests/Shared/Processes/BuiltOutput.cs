namespace Webhooks.Tests.Shared.Processes;

/// <summary>Where the repository and the built programs are.</summary>
public static class BuiltOutput
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The folder with the solution file.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The program of a project, as the tests' own configuration built it.</summary>
    public static string Program(string project)
    {
        var path = Path.Combine(Repository, project, "bin", Configuration, "net10.0", project + ".dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built.");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.Webhooks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Orleans.Webhooks.sln above {AppContext.BaseDirectory}.");
    }
}
