using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Tokens over HTTP.</summary>
public sealed class AuthTests(ApiFixture fixture)
{
    private static readonly long s_now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public static TheoryData<string?> Unacceptable => new(
        null,
        "",
        "junk",
        "a.b.c",
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x" }, secret: "another secret"),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x" }, algorithm: "HS512"),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcmdfeCJ9.",
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["exp"] = s_now - 1000 }),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["nbf"] = s_now + 1000 }),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["exp"] = "soon" }));

    public static TheoryData<string> Acceptable => new(
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x" }),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["iss"] = "anybody", ["aud"] = "anything" }),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["exp"] = s_now - 800 }),
        TestTokens.Sign(new JsonObject { ["sub"] = "org_x", ["nbf"] = s_now + 800, ["iat"] = s_now + 800 }));

    [Theory]
    [MemberData(nameof(Unacceptable))]
    public async Task A_token_that_does_not_verify_is_answered_401(string? token)
    {
        using var api = fixture.With(token);
        var answer = (await api.Get("/app")).Expect(401);
        Assert.Equal("authentication_failed", answer["code"]);
        Assert.Equal("Invalid token", answer["detail"]);
    }

    [Theory]
    [MemberData(nameof(Acceptable))]
    public async Task A_token_is_taken_within_a_quarter_of_an_hour_whoever_issued_it(string token)
    {
        using var api = fixture.With(token);
        (await api.Get("/app")).Expect(200);
        (await api.Get("/app")).Expect(200);
    }

    [Fact]
    public async Task Who_sends_the_secret_as_the_token_is_told_so()
    {
        using var api = fixture.With(TestTokens.Secret);
        var answer = (await api.Get("/app")).Expect(401);
        Assert.Equal("authentication_failed", answer["code"]);
        Assert.NotEqual("Invalid token", answer["detail"]);
    }

    [Theory]
    [InlineData("""{}""", 401, "authentication_failed")]
    [InlineData("""{"sub":"user_1"}""", 400, "bad_token")]
    [InlineData("""{"org":"acme","sub":"app_1"}""", 400, "bad token")]
    [InlineData("""{"org":"org_1","sub":"user_1"}""", 400, "bad token")]
    public async Task A_token_with_the_wrong_subject_is_refused(string claims, int status, string code)
    {
        using var api = fixture.With(TestTokens.Sign(JsonNode.Parse(claims)!.AsObject()));
        Assert.Equal(code, (await api.Get("/app")).Expect(status)["code"]);
    }

    [Fact]
    public async Task An_applications_token_does_what_the_table_of_rights_says()
    {
        using var owner = fixture.NewOrganization(out var organization);
        var own = await owner.NewApplication(""","uid":"own" """);
        var other = await owner.NewApplication(""","uid":"other" """);
        var endpoint = (await owner.Post($"/app/{own}/endpoint", """{"url":"https://example.com"}""")).Expect(201)["id"];
        var message = (await owner.Post($"/app/{own}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"];
        using var api = fixture.With(TestTokens.ForApplication(organization, own));

        foreach (var refused in new[]
        {
            await api.Get("/app"),
            await api.Post("/app", """{"name":"x"}"""),
            await api.Put($"/app/{own}", """{"name":"x"}"""),
            await api.Patch($"/app/{own}", """{"name":"x"}"""),
            await api.Delete($"/app/{own}"),
            await api.Post("/event-type", """{"name":"x","description":""}"""),
            await api.Put("/event-type/x", """{"description":""}"""),
            await api.Patch("/event-type/x", """{}"""),
            await api.Delete("/event-type/x"),
            await api.Post($"/app/{own}/msg", """{"eventType":"a","payload":{}}"""),
            await api.Post($"/app/{own}/event", """{"type":"a","data":{}}"""),
        })
        {
            Assert.Equal("insufficient access", refused.Expect(403)["code"]);
        }

        (await api.Get($"/app/{own}")).Expect(200);
        (await api.Get("/app/own")).Expect(200);
        (await api.Get("/event-type")).Expect(200);
        (await api.Get("/app/own/endpoint")).Expect(200);
        (await api.Patch($"/app/own/endpoint/{endpoint}", """{"description":"mine"}""")).Expect(200);
        (await api.Get($"/app/{own}/msg/{message}")).Expect(200);
        (await api.Get($"/app/{own}/attempt/msg/{message}")).Expect(200);
        foreach (var app in new[] { other, "other" })
        {
            (await api.Get($"/app/{app}")).Expect(404);
            (await api.Get($"/app/{app}/endpoint")).Expect(404);
            (await api.Post($"/app/{app}/endpoint", """{"url":"https://example.com"}""")).Expect(404);
            (await api.Get($"/app/{app}/msg")).Expect(404);
        }
    }
}
