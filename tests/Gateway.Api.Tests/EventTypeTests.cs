namespace Webhooks.Gateway.Api.Tests;

/// <summary>Event types over HTTP.</summary>
public sealed class EventTypeTests(ApiFixture fixture)
{
    [Fact]
    public async Task What_was_created_is_what_is_read_and_lists_leave_out_schemas()
    {
        using var api = fixture.NewOrganization();
        var created = (await api.Post("/event-type/", """{"name":"a.b","description":"","schemas":{"1":{"type":"object","title":"ü"}},"featureFlag":"beta"}""")).Expect(201);
        Assert.Equal("""{"1":{"type":"object","title":"ü"}}""", created.Json.GetProperty("schemas").GetRawText());
        Assert.Equal(created.Text, (await api.Get("/event-type/a.b")).Expect(200).Text);
        Assert.Equal("null", (await api.Get("/event-type")).Expect(200).Json.GetProperty("data")[0].GetProperty("schemas").GetRawText());
        Assert.Equal("object", (await api.Get("/event-type?with_content=true")).Expect(200).Json.GetProperty("data")[0].GetProperty("schemas").GetProperty("1").GetProperty("type").GetString());
        Assert.Equal("event_type_exists", (await api.Post("/event-type", """{"name":"a.b","description":""}""")).Expect(409)["code"]);
    }

    [Fact]
    public async Task A_put_takes_the_paths_name_and_a_patch_changes_alone()
    {
        using var api = fixture.NewOrganization();
        Assert.Equal("path", (await api.Put("/event-type/path", """{"name":"body","description":"d"}""")).Expect(201)["name"]);
        Assert.Equal("e", (await api.Patch("/event-type/path", """{"description":"e"}""")).Expect(200)["description"]);
        Assert.Equal("{}", (await api.Patch("/event-type/path", """{"schemas":{}}""")).Expect(200).Json.GetProperty("schemas").GetRawText());
        Assert.Equal("null", (await api.Patch("/event-type/path", """{"schemas":null}""")).Expect(200).Json.GetProperty("schemas").GetRawText());
        Assert.True((await api.Patch("/event-type/path", """{"archived":true}""")).Expect(200).Json.GetProperty("archived").GetBoolean());
        Assert.Equal("e", (await api.Get("/event-type/path")).Expect(200)["description"]);
        Assert.False((await api.Put("/event-type/path", """{"description":"f"}""")).Expect(200).Json.GetProperty("archived").GetBoolean());
        (await api.Patch("/event-type/nobody", "{}")).Expect(404);
        (await api.Put("/event-type/a%20b", """{"description":"f"}""")).Expect(422);
    }

    [Fact]
    public async Task A_deleted_type_is_archived_and_an_expunged_one_is_gone()
    {
        using var api = fixture.NewOrganization();
        (await api.Post("/event-type", """{"name":"x","description":"d"}""")).Expect(201);
        (await api.Delete("/event-type/x")).Expect(204);
        (await api.Delete("/event-type/x")).Expect(204);
        Assert.True((await api.Get("/event-type/x")).Expect(200).Json.GetProperty("archived").GetBoolean());
        Assert.Empty((await api.Get("/event-type")).Items("name"));
        Assert.Equal(["x"], (await api.Get("/event-type?include_archived=true")).Items("name"));
        Assert.False((await api.Post("/event-type", """{"name":"x","description":"again"}""")).Expect(201).Json.GetProperty("archived").GetBoolean());
        (await api.Delete("/event-type/x?expunge=true")).Expect(204);
        (await api.Get("/event-type/x")).Expect(404);
    }

    [Fact]
    public async Task Types_are_listed_by_name_in_pages_both_ways()
    {
        using var api = fixture.NewOrganization();
        foreach (var name in new[] { "c", "a", "B", "d" })
        {
            (await api.Post("/event-type", $$"""{"name":"{{name}}","description":""}""")).Expect(201);
        }

        Assert.Equal(["B", "a", "c", "d"], (await api.Get("/event-type?order=descending")).Items("name"));
        var page = (await api.Get("/event-type?limit=2&iterator=B")).Expect(200);
        Assert.Equal(["a", "c"], page.Items("name"));
        Assert.Equal(["B"], (await api.Get($"/event-type?limit=2&iterator={page["prevIterator"]}")).Items("name"));
        Assert.Equal(["query/iterator/iterator"], (await api.Get("/event-type?iterator=a%20b")).Locations());
    }

    [Fact]
    public async Task An_applications_token_sees_types_without_a_flag_and_those_of_its_flags()
    {
        using var owner = fixture.NewOrganization(out var organization);
        var app = await owner.NewApplication();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            (await owner.Post("/event-type", $$"""{"name":"{{name}}","description":"","featureFlag":{{(name is "e" ? "null" : $"\"flag-{name}\"")}}}""")).Expect(201);
        }

        using var api = fixture.With(TestTokens.ForApplication(organization, app, "flag-c", "more"));
        Assert.Equal(["c", "e"], (await api.Get("/event-type")).Items("name"));
        var first = (await api.Get("/event-type?limit=1")).Expect(200);
        Assert.Equal(["c"], first.Items("name"));
        Assert.False(first.Done);
        (await api.Get("/event-type/c")).Expect(200);
        (await api.Get("/event-type/a")).Expect(404);
    }

    [Theory]
    [InlineData("""{"readOnly":15}""")]
    [InlineData("""{"type":"text"}""")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""")]
    [InlineData("""{"pattern":"("}""")]
    [InlineData("""{"required":["a","a"]}""")]
    [InlineData("17")]
    public async Task What_is_no_JSON_Schema_is_refused(string schema)
    {
        using var api = fixture.NewOrganization();
        Assert.Equal(["body/schemas"], (await api.Post("/event-type", $$$"""{"name":"x","description":"","schemas":{"1":{{{schema}}}}}""")).Locations());
        (await api.Get("/event-type/x")).Expect(404);
    }
}
