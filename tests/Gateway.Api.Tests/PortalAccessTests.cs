namespace Webhooks.Gateway.Api.Tests;

/// <summary>Tokens that an organization hands to one application.</summary>
public sealed class PortalAccessTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("app-portal-access", "{}")]
    [InlineData("dashboard-access", "")]
    public async Task The_token_reaches_its_application_and_nothing_else(string route, string body)
    {
        using var owner = fixture.NewOrganization();
        var own = await owner.NewApplication(""","uid":"own" """);
        var other = await owner.NewApplication();

        var access = (await owner.Post($"/auth/{route}/own", body)).Expect(200);
        Assert.Contains(access["token"], access["url"], StringComparison.Ordinal);

        using var api = fixture.With(access["token"]);
        (await api.Get($"/app/{own}")).Expect(200);
        (await api.Get($"/app/{other}")).Expect(404);
        (await api.Get("/app")).Expect(403);
        (await api.Post($"/auth/{route}/{own}", body)).Expect(403);
    }

    [Fact]
    public async Task Feature_flags_of_the_token_show_event_types()
    {
        using var owner = fixture.NewOrganization();
        await owner.NewApplication(""","uid":"own" """);
        (await owner.Post("/event-type", """{"name":"hidden","description":"","featureFlag":"beta"}""")).Expect(201);

        using var with = fixture.With((await owner.Post("/auth/app-portal-access/own", """{"featureFlags":["beta"]}"""))["token"]);
        Assert.Equal(["hidden"], (await with.Get("/event-type")).Items("name"));
        using var without = fixture.With((await owner.Post("/auth/app-portal-access/own", "{}"))["token"]);
        Assert.Empty((await without.Get("/event-type")).Items("name"));
    }

    [Fact]
    public async Task An_application_that_is_not_there_is_created_when_the_body_describes_it()
    {
        using var api = fixture.NewOrganization();
        (await api.Post("/auth/app-portal-access/new", "{}")).Expect(404);
        (await api.Post("/auth/app-portal-access/new", """{"application":{"name":"New","uid":"different"}}""")).Expect(422);
        (await api.Post("/auth/app-portal-access/new", """{"application":{"name":"New","uid":"new"}}""")).Expect(200);
        Assert.Equal("New", (await api.Get("/app/new")).Expect(200)["name"]);
        (await api.Post("/auth/app-portal-access/new", """{"featureFlags":null}""")).Expect(422);
        (await api.Post("/auth/app-portal-access/new", """{"featureFlags":["a b"]}""")).Expect(422);
    }

    [Fact]
    public async Task Anybody_may_log_out()
    {
        using var api = fixture.With(null);
        (await api.Post("/auth/logout", "")).Expect(204);
    }

    [Fact]
    public async Task Old_routes_of_attempts_answer_as_the_new_ones()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", """{"url":"http://127.0.0.1:9/"}""")).Expect(201)["id"];
        var message = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"];
        await Webhooks.Tests.Shared.Eventually.TrueAsync(
            async () => (await api.Get($"/app/{app}/attempt/msg/{message}")).Items("id").Length > 0, "the failed attempt is recorded");

        Assert.NotEmpty((await api.Get($"/app/{app}/msg/{message}/attempt")).Items("id"));
        Assert.NotEmpty((await api.Get($"/app/{app}/msg/{message}/endpoint/{endpoint}/attempt")).Items("id"));
        (await api.Get($"/app/{app}/msg/{message}/endpoint/nobody/attempt")).Expect(404);
    }
}
