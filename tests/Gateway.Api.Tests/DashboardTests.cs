using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>The Orleans dashboard: who may look, and by which names it shows the grains.</summary>
public sealed class DashboardTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("~/orleans/")]
    [InlineData("~/orleans/DashboardCounters")]
    public async Task It_is_for_organizations(string path)
    {
        using var organization = fixture.NewOrganization(out var name);
        using var application = fixture.With(TestTokens.ForApplication(name, await organization.NewApplication()));
        using var nobody = fixture.With(null);
        (await organization.Get(path)).Expect(200);
        (await application.Get(path)).Expect(401);
        (await nobody.Get(path)).Expect(401);
    }

    [Fact]
    public async Task Grains_and_their_methods_are_named_in_the_words_of_the_domain()
    {
        using var api = fixture.NewOrganization();
        (await api.Get("~/orleans/DashboardCounters")).Expect(200);
        var app = await api.NewApplication();
        string[] methods = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await OperatorTests.PublishAsync(api, app);
                var top = (await api.Get("~/orleans/TopGrainMethods")).Expect(200).Json;
                methods = [.. top.GetProperty("calls").EnumerateArray().Select(static m => m.GetProperty("grain").GetString() + "." + m.GetProperty("method").GetString())];
                return methods.Contains("Webhooks.Grains.Applications.ApplicationGrain.Publish");
            },
            "a publish is shown",
            TimeSpan.FromSeconds(30));
        Assert.All(methods.Where(static m => !m.StartsWith("Orleans.", StringComparison.Ordinal)), static m => Assert.Matches(@"^Webhooks\.Grains\.[A-Za-z]+\.[A-Za-z]+\.[A-Za-z]+$", m));
        Assert.DoesNotContain(methods, static m => m.Contains("SiloSight", StringComparison.Ordinal));
    }
}
