using System.Text.Json;
using Webhooks.Tests.Shared;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Sdk.Tests.Harness;

/// <summary>What became of a behaviour.</summary>
/// <param name="Group">The file it is declared in.</param>
/// <param name="Name">Its sentence.</param>
/// <param name="Ok">Whether it was seen.</param>
/// <param name="Error">What was seen instead.</param>
/// <param name="Ms">How long it took.</param>
internal sealed record Result(string Group, string Name, bool Ok, string? Error, int Ms);

/// <summary>run.mjs: every behaviour once, with one SDK.</summary>
internal static class NodeRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static async Task<IReadOnlyDictionary<(string Group, string Name), Result>> RunAsync(Uri gateway, string sdk, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Behaviours.NodeFolder, "node_modules")))
        {
            throw new InvalidOperationException($"Run npm ci in {Behaviours.NodeFolder} first.");
        }

        await using var node = ChildProcess.Start("node", [Path.Combine(Behaviours.NodeFolder, "run.mjs")], new Dictionary<string, string?>
        {
            ["BASE_URL"] = gateway.AbsoluteUri.TrimEnd('/'),
            ["TOKEN"] = Tokens.ForOrganization("org_sdk"),
            ["JWT_SECRET"] = Tokens.Secret,
            ["SDK"] = sdk,
            ["ONLY"] = null,
        });
        var exitCode = await node.WaitForExitAsync(Patience, cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"run.mjs ended with {exitCode}:\n{node.StandardOutput}\n{node.StandardError}");
        }

        return node.StandardOutput
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!)
            .ToDictionary(static result => (result.Group, result.Name));
    }
}
