using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What an application's token may do for its own portal, and to nobody else's.</summary>
public sealed class CustomerRightsTests(ApiFixture fixture)
{
    [Fact]
    public async Task An_application_sends_examples_to_its_own_endpoints_alone()
    {
        using var api = fixture.NewOrganization(out var organization);
        var app = await api.NewApplication();
        var other = await api.NewApplication();
        var endpoint = await NewEndpointAsync(api, app);
        var foreign = await NewEndpointAsync(api, other);
        using var customer = fixture.With(TestTokens.ForApplication(organization, app));

        (await customer.Post($"/app/{app}/endpoint/{endpoint}/send-example", """{"eventType":"svix.ping"}""")).Expect(200);
        (await customer.Post($"/app/{other}/endpoint/{foreign}/send-example", """{"eventType":"svix.ping"}""")).Expect(404);
        (await customer.Post($"/app/{app}/endpoint/{foreign}/send-example", """{"eventType":"svix.ping"}""")).Expect(404);
    }

    [Fact]
    public async Task An_application_sends_no_example_of_a_type_that_it_may_not_see()
    {
        using var api = fixture.NewOrganization(out var organization);
        var app = await api.NewApplication();
        var endpoint = await NewEndpointAsync(api, app);
        (await api.Post("/event-type", """{"name":"secret.plan","description":"","featureFlags":["beta"],"schemas":{"1":{"type":"object","examples":[{"a":1}]}}}""")).Expect(201);
        using var without = fixture.With(TestTokens.ForApplication(organization, app));
        using var with = fixture.With(TestTokens.ForApplication(organization, app, "beta"));

        (await without.Post($"/app/{app}/endpoint/{endpoint}/send-example", """{"eventType":"secret.plan"}""")).Expect(404);
        (await with.Post($"/app/{app}/endpoint/{endpoint}/send-example", """{"eventType":"secret.plan"}""")).Expect(200);
    }

    [Fact]
    public async Task An_application_reads_and_cancels_its_own_tasks_alone()
    {
        using var api = fixture.NewOrganization(out var organization);
        var app = await api.NewApplication();
        var other = await api.NewApplication();
        var task = (await api.Post($"/app/{app}/endpoint/{await NewEndpointAsync(api, app)}/recover", """{"since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z"}""")).Expect(202)["id"];
        using var customer = fixture.With(TestTokens.ForApplication(organization, app));
        using var neighbour = fixture.With(TestTokens.ForApplication(organization, other));

        Assert.Equal(task, (await customer.Get("/background-task/" + task)).Expect(200)["id"]);
        (await customer.Post($"/background-task/{task}/cancel", "")).Expect(200);
        (await neighbour.Get("/background-task/" + task)).Expect(404);
        (await neighbour.Post($"/background-task/{task}/cancel", "")).Expect(404);
        (await customer.Get("/background-task")).Expect(403);
    }

    [Theory]
    [InlineData("24h", 24)]
    [InlineData("7d", 28)]
    [InlineData("28d", 28)]
    public async Task Attempts_over_time_are_counted_in_stretches(string period, int count)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var endpoint = await NewEndpointAsync(api, app);
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202);
        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/attempt/endpoint/{endpoint}")).Items("id").Length == 2, "both attempts failed");

        var parts = (await api.Get($"/app/{app}/endpoint/{endpoint}/stats/series?period={period}")).Expect(200).Json.GetProperty("data").EnumerateArray().ToArray();

        Assert.Equal(count, parts.Length);
        Assert.Equal((0, 2), (parts.Sum(static p => p.GetProperty("success").GetInt64()), parts.Sum(static p => p.GetProperty("fail").GetInt64())));
        Assert.True(parts[0].GetProperty("start").GetDateTimeOffset() < parts[^1].GetProperty("start").GetDateTimeOffset());
        (await api.Get($"/app/{app}/endpoint/{endpoint}/stats/series?period=1y")).Expect(400);
    }

    private static async Task<string> NewEndpointAsync(ApiClient api, string app) =>
        (await api.Post($"/app/{app}/endpoint", """{"url":"http://127.0.0.1:9/"}""")).Expect(201)["id"];
}
