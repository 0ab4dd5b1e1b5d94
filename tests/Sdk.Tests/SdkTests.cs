using Webhooks.Sdk.Tests.Harness;

namespace Webhooks.Sdk.Tests;

/// <summary>What users of the npm packages see: every behaviour in <c>node/behaviours</c>, with both generations of the SDK, on both stores.</summary>
public sealed class SdkTests(Runs runs) : IClassFixture<Runs>
{
    /// <summary>Store, SDK, group and sentence of each.</summary>
    public static IEnumerable<TheoryDataRow<string, string, string, string>> Cases() =>
        from store in Runs.Stores
        from sdk in Runs.Sdks
        from behaviour in Behaviours.All
        where behaviour.RunsWith(sdk)
        select new TheoryDataRow<string, string, string, string>(store, sdk, behaviour.Group, behaviour.Name)
        {
            // As arguments they would be cut.
            Label = $"{store}, {sdk}, {behaviour.Group}: {behaviour.Name}",
        };

    // The first case of a store and an SDK pays for the start of the servers and for the run.
    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Cases))]
    public async Task User_sees_that(string store, string sdk, string group, string name)
    {
        var results = await runs.ResultsAsync(store, sdk, TestContext.Current.CancellationToken);
        Assert.True(results.TryGetValue((group, name), out var result), $"The run says nothing of \"{group}: {name}\".");
        Assert.True(result.Ok, result.Error);
    }
}
