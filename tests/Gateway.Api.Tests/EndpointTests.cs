namespace Webhooks.Gateway.Api.Tests;

/// <summary>Endpoints over HTTP.</summary>
public sealed class EndpointTests(ApiFixture fixture)
{
    private const string Url = """ "url":"https://example.com/in" """;

    [Fact]
    public async Task What_was_created_is_what_is_read_with_a_normal_url()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var created = (await api.Post($"/app/{app}/endpoint/", """{"url":"HTTP://Example.COM:80","version":null,"uid":"in","metadata":{"a":"b"}}""")).Expect(201);
        Assert.StartsWith("ep_", created["id"], StringComparison.Ordinal);
        Assert.Equal("http://example.com/", created["url"]);
        Assert.Equal("", created["description"]);
        Assert.Equal(1, created.Json.GetProperty("version").GetInt32());
        Assert.False(created.Json.GetProperty("disabled").GetBoolean());
        foreach (var field in new[] { "eventTypes", "filterTypes", "channels", "throttleRate", "rateLimit", "filter" })
        {
            Assert.Equal("null", created.Json.GetProperty(field).GetRawText());
        }

        Assert.False(created.Json.TryGetProperty("secret", out _));
        Assert.False(created.Json.TryGetProperty("headers", out _));
        Assert.Equal(created.Text, (await api.Get($"/app/{app}/endpoint/{created["id"]}")).Expect(200).Text);
        Assert.Equal(created.Text, (await api.Get($"/app/{app}/endpoint/in")).Expect(200).Text);
        Assert.Equal([created["id"]], (await api.Get($"/app/{app}/endpoint")).Items("id"));
    }

    [Fact]
    public async Task Each_field_of_a_patch_changes_alone()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post("/event-type", """{"name":"et.one","description":""}""")).Expect(201);
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{{{Url}}}""")).Expect(201)["id"];
        var expected = new Dictionary<string, string>();
        foreach (var (field, value) in new (string, string)[]
        {
            ("description", "\"d\""), ("rateLimit", "3"), ("rateLimit", "null"), ("uid", "\"u\""), ("uid", "null"), ("url", "\"https://example.org/\""),
            ("version", "2"), ("disabled", "true"), ("filterTypes", "[\"et.one\"]"), ("filterTypes", "null"), ("channels", "[\"c\"]"), ("channels", "null"),
            ("ordering", "\"key\""), ("maxInFlight", "7"), ("retrySchedule", "[1,2]"), ("retrySchedule", "null"),
            ("filterTypes", "[\"et.*\"]"), ("filter", "{\"a.b\":{\"$gte\":1000.0}}"), ("filter", "null"), ("metadata", "{\"k\":\"v\"}"), ("metadata", "{}"),
        })
        {
            expected[field] = value;
            var patched = (await api.Patch($"/app/{app}/endpoint/{id}", $$"""{"{{field}}":{{value}}}""")).Expect(200);
            Assert.All(expected, e => Assert.Equal(e.Value, patched.Json.GetProperty(e.Key).GetRawText()));
            Assert.Equal(patched.Text, (await api.Get($"/app/{app}/endpoint/{id}")).Expect(200).Text);
        }

        (await api.Patch($"/app/{app}/endpoint/nobody", "{}")).Expect(404);
    }

    [Fact]
    public async Task A_put_resets_what_it_does_not_name_and_creates_what_is_not_there()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var id = (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","uid":"u","description":"d","channels":["c"],"throttleRate":3,"ordering":"none","metadata":{"a":"b"},"headers":{"X-A":"1"}}""")).Expect(201)["id"];
        var key = (await api.Get($"/app/{app}/endpoint/{id}/secret")).Expect(200)["key"];
        var replaced = (await api.Put($"/app/{app}/endpoint/{id}", """{"url":"https://example.com/other"}""")).Expect(200).Json;
        Assert.Equal("null", replaced.GetProperty("uid").GetRawText());
        Assert.Equal("null", replaced.GetProperty("channels").GetRawText());
        Assert.Equal("null", replaced.GetProperty("throttleRate").GetRawText());
        Assert.Equal("", replaced.GetProperty("description").GetString());
        Assert.Equal("strict", replaced.GetProperty("ordering").GetString());
        Assert.Equal("{}", replaced.GetProperty("metadata").GetRawText());
        Assert.Equal(key, (await api.Get($"/app/{app}/endpoint/{id}/secret")).Expect(200)["key"]);
        Assert.Equal("1", (await api.Get($"/app/{app}/endpoint/{id}/headers")).Expect(200).Json.GetProperty("headers").GetProperty("X-A").GetString());
        var created = (await api.Put($"/app/{app}/endpoint/unknown", $$"""{{{Url}}}""")).Expect(201);
        Assert.NotEqual(id, created["id"]);
        (await api.Put("/app/unknown/endpoint/unknown", $$"""{{{Url}}}""")).Expect(404);
    }

    [Fact]
    public async Task A_uid_is_taken_once_in_an_application_and_free_after_deletion()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var other = await api.NewApplication();
        var body = "{" + Url + ""","uid":"same"}""";
        var id = (await api.Post($"/app/{app}/endpoint", body)).Expect(201)["id"];
        (await api.Post($"/app/{other}/endpoint", body)).Expect(201);
        (await api.Post($"/app/{app}/endpoint", body)).Expect(409);
        (await api.Put($"/app/{app}/endpoint/{id}", body)).Expect(200);
        (await api.Get($"/app/{other}/endpoint/{id}")).Expect(404);
        (await api.Delete($"/app/{app}/endpoint/same")).Expect(204);
        (await api.Get($"/app/{app}/endpoint/{id}")).Expect(404);
        (await api.Post($"/app/{app}/endpoint", body)).Expect(201);
    }

    [Fact]
    public async Task Endpoints_are_listed_newest_first_in_pages_both_ways()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Insert(0, (await api.Post($"/app/{app}/endpoint", $$"""{{{Url}}}""")).Expect(201)["id"]);
        }

        var first = (await api.Get($"/app/{app}/endpoint?limit=2")).Expect(200);
        Assert.Equal(ids[..2], first.Items("id"));
        var second = (await api.Get($"/app/{app}/endpoint?limit=2&iterator={first["iterator"]}")).Expect(200);
        Assert.Equal(ids[2..], second.Items("id"));
        var back = (await api.Get($"/app/{app}/endpoint?limit=2&iterator={second["prevIterator"]}")).Expect(200);
        Assert.Equal(ids[..2], back.Items("id"));
        Assert.True(back.Done);
        Assert.Equal(ids.AsEnumerable().Reverse(), (await api.Get($"/app/{app}/endpoint?order=ascending")).Items("id"));
    }

    [Fact]
    public async Task Event_types_must_exist_and_repeated_members_collapse()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post("/event-type", """{"name":"known","description":""}""")).Expect(201);
        (await api.Post("/event-type", """{"name":"old","description":"","archived":true}""")).Expect(201);
        Assert.Equal(["body/eventTypes"], (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","eventTypes":["unknown"]}""")).Locations());
        Assert.Equal(["body/eventTypes"], (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","filterTypes":["old"]}""")).Locations());
        var created = (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","filterTypes":["known","known"],"channels":["a","a"]}""")).Expect(201);
        Assert.Equal("""["known"]""", created.Json.GetProperty("eventTypes").GetRawText());
        Assert.Equal("""["a"]""", created.Json.GetProperty("channels").GetRawText());
        Assert.Single((await api.Get($"/app/{app}/endpoint")).Items("id"));
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    public async Task A_secret_of_the_callers_is_shown_in_its_public_form(string secret, string shown)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var id = (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","secret":"SECRET"}""".Replace("SECRET", secret, StringComparison.Ordinal))).Expect(201)["id"];
        Assert.Equal($$"""{"key":"{{shown}}"}""", (await api.Get($"/app/{app}/endpoint/{id}/secret")).Expect(200).Text);
    }

    [Theory]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    [InlineData("whsk_AAAA")]
    public async Task A_secret_that_cannot_sign_is_refused(string secret)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var answer = await api.Post($"/app/{app}/endpoint", "{" + Url + ""","secret":"SECRET"}""".Replace("SECRET", secret, StringComparison.Ordinal));
        Assert.Equal(["body/key"], answer.Locations());
        Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
        Assert.Empty((await api.Get($"/app/{app}/endpoint")).Items("id"));
    }

    [Fact]
    public async Task Headers_are_replaced_merged_and_kept_secret()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var path = $"/app/{app}/endpoint/{(await api.Post($"/app/{app}/endpoint", $$"""{{{Url}}}""")).Expect(201)["id"]}/headers";
        Assert.Equal("""{"headers":{},"sensitive":[]}""", (await api.Get(path)).Expect(200).Text);
        Assert.Equal("", (await api.Patch(path, """{"headers":{"X-One":"1","X-Gone":null}}""")).Expect(204).Text);
        Assert.Equal("""{"headers":{"X-One":"1"},"sensitive":[]}""", (await api.Get(path)).Expect(200).Text);
        (await api.Put(path, """{"headers":{"X-Two":"2","Authorization":"Basic abc"}}""")).Expect(204);
        Assert.Equal("""{"headers":{"X-Two":"2"},"sensitive":["Authorization"]}""", (await api.Get(path)).Expect(200).Text);
        (await api.Patch(path, """{"headers":{"X-Two":null,"X-Three":"3"}}""")).Expect(204);
        Assert.Equal("""{"headers":{"X-Three":"3"},"sensitive":["Authorization"]}""", (await api.Get(path)).Expect(200).Text);
    }

    [Theory]
    [InlineData("content-length", "1")]
    [InlineData("some:thing", "1")]
    [InlineData("with\\u0000nul", "1")]
    [InlineData("svix-foo", "1")]
    [InlineData("X-Svix-Foo", "1")]
    [InlineData("x-amzn-foo", "1")]
    [InlineData("webhook-signature", "1")]
    [InlineData("", "1")]
    [InlineData("x-a", "line\\r\\nx-b: 2")]
    public async Task A_header_that_may_not_be_set_is_refused_everywhere(string name, string value)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{{{Url}}}""")).Expect(201)["id"];
        var headers = $$$"""{"headers":{"{{{name}}}":"{{{value}}}"}}""";
        (await api.Put($"/app/{app}/endpoint/{id}/headers", headers)).Expect(422);
        (await api.Patch($"/app/{app}/endpoint/{id}/headers", headers)).Expect(422);
        (await api.Post($"/app/{app}/endpoint", "{" + Url + $$$""","headers":{"{{{name}}}":"{{{value}}}"}}""")).Expect(422);
        Assert.Equal("""{"headers":{},"sensitive":[]}""", (await api.Get($"/app/{app}/endpoint/{id}/headers")).Expect(200).Text);
    }
}
