namespace Webhooks.Gateway.Api.Tests;

/// <summary>Files as they are checked in.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The checked-in OpenAPI document.</summary>
    public static string OpenApi { get; } = Path.Combine(Root, "docs", "openapi.json");

    /// <summary>The folder with package.json and the linter's rules.</summary>
    public static string NodeFolder { get; } = Path.Combine(Root, "tests", "Gateway.Api.Tests", "node");

    private static string FindRoot()
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
