using System.Runtime.CompilerServices;
using Webhooks.Faults.Machinery;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Tests.Machinery;

/// <summary>What a test needs of the machine that it runs on.</summary>
internal static class Machine
{
    // Set for the run of one test in a process of its own, which may replace itself.
    private const string OneTest = "WEBHOOKS_FAULTS_ONE_TEST";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Skips the test, with the reason, where it cannot run.</summary>
    public static void Offers(string? unavailable)
    {
        if (unavailable is not null)
        {
            Assert.Skip(unavailable);
        }
    }

    /// <summary>Runs the body of a test in a private network: in a process that runs this test alone and goes there by <see cref="PrivateNetwork.Reexecute"/>.</summary>
    public static async Task InPrivateNetworkAsync(Type tests, Func<Task> body, [CallerMemberName] string test = "")
    {
        if (PrivateNetwork.IsPrivate)
        {
            await body();
        }
        else if (Environment.GetEnvironmentVariable(OneTest) is not null)
        {
            Assert.Fail($"Not replaced: {PrivateNetwork.Reexecute(Environment.GetCommandLineArgs()[1..])}");
        }
        else
        {
            await using var run = ChildProcess.Start(
                "dotnet",
                ["exec", tests.Assembly.Location, "-method", $"{tests.FullName}.{test}"],
                new Dictionary<string, string?> { [OneTest] = "1" });
            var exitCode = await run.WaitForExitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(exitCode == 0 && run.StandardOutput.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), run.StandardOutput + run.StandardError);
        }
    }
}
