namespace Webhooks.Gateway.Api.Tests;

/// <summary>Applications over HTTP.</summary>
public sealed class ApplicationTests(ApiFixture fixture)
{
    [Fact]
    public async Task What_was_created_is_what_is_read()
    {
        using var api = fixture.NewOrganization();
        var created = (await api.Post("/app/", """{"name":"Acme","uid":"acme","throttleRate":5,"metadata":{"plan":"ö"},"unknown":[1]}""")).Expect(201);
        Assert.StartsWith("app_", created["id"], StringComparison.Ordinal);
        Assert.Equal(5, created.Json.GetProperty("throttleRate").GetInt32());
        Assert.Equal(5, created.Json.GetProperty("rateLimit").GetInt32());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", created["createdAt"]);
        Assert.Equal(created.Text, (await api.Get($"/app/{created["id"]}/")).Expect(200).Text);
        Assert.Equal(created.Text, (await api.Get("/app/acme")).Expect(200).Text);
    }

    [Fact]
    public async Task Absent_fields_have_their_defaults_and_are_shown_as_the_contract_has_it()
    {
        using var api = fixture.NewOrganization();
        var created = (await api.Post("/app", """{"name":"Bare","uid":null,"metadata":null}""")).Expect(201).Json;
        Assert.Equal("{}", created.GetProperty("metadata").GetRawText());
        Assert.Equal("null", created.GetProperty("throttleRate").GetRawText());
        Assert.False(created.TryGetProperty("uid", out _));
        Assert.False(created.TryGetProperty("rateLimit", out _));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_clears()
    {
        using var api = fixture.NewOrganization();
        var id = await api.NewApplication(""","uid":"old","metadata":{"a":"1"}""");
        Assert.Equal("New", (await api.Patch($"/app/{id}", """{"name":"New"}""")).Expect(200)["name"]);
        Assert.Equal(1, (await api.Patch($"/app/{id}", """{"rateLimit":1}""")).Expect(200).Json.GetProperty("throttleRate").GetInt32());
        Assert.Equal("old", (await api.Get($"/app/{id}")).Expect(200)["uid"]);
        Assert.Equal("null", (await api.Patch($"/app/{id}", """{"rateLimit":null}""")).Expect(200).Json.GetProperty("throttleRate").GetRawText());
        Assert.Equal("""{"b":"2"}""", (await api.Patch($"/app/{id}", """{"metadata":{"b":"2"}}""")).Expect(200).Json.GetProperty("metadata").GetRawText());
        Assert.False((await api.Patch("/app/old", """{"uid":null}""")).Expect(200).Json.TryGetProperty("uid", out _));
        (await api.Get("/app/old")).Expect(404);
        Assert.Equal("New", (await api.Get($"/app/{id}")).Expect(200)["name"]);
        (await api.Patch("/app/nobody", """{"name":"x"}""")).Expect(404);
    }

    [Fact]
    public async Task A_put_replaces_the_whole_and_creates_what_is_not_there()
    {
        using var api = fixture.NewOrganization();
        var created = (await api.Put("/app/unknown", """{"name":"By put","metadata":{"a":"1"}}""")).Expect(201);
        (await api.Get("/app/unknown")).Expect(404);
        var replaced = (await api.Put($"/app/{created["id"]}", """{"name":"Again","uid":"u1"}""")).Expect(200);
        Assert.Equal("{}", replaced.Json.GetProperty("metadata").GetRawText());
        Assert.Equal(replaced.Text, (await api.Get("/app/u1")).Expect(200).Text);
        (await api.Put("/app/u1", """{"name":"Again","uid":"u1"}""")).Expect(200);
        (await api.Put("/app/u1", """{"name":"Again","uid":"u2"}""")).Expect(200);
        (await api.Get("/app/u1")).Expect(404);
        (await api.Put("/app/u2", """{"name":"Again"}""")).Expect(200);
        (await api.Get("/app/u2")).Expect(404);
    }

    [Fact]
    public async Task A_uid_is_taken_once_in_an_organization_and_free_after_deletion()
    {
        using var api = fixture.NewOrganization();
        using var others = fixture.NewOrganization();
        var first = await api.NewApplication(""","uid":"same" """);
        await others.NewApplication(""","uid":"same" """);
        Assert.Equal("conflict", (await api.Post("/app", """{"name":"b","uid":"same"}""")).Expect(409)["code"]);
        var second = await api.NewApplication();
        (await api.Put($"/app/{second}", """{"name":"b","uid":"same"}""")).Expect(409);
        (await api.Patch($"/app/{second}", """{"uid":"same"}""")).Expect(409);
        (await api.Delete("/app/same")).Expect(204);
        (await api.Get($"/app/{first}")).Expect(404);
        (await api.Delete($"/app/{first}")).Expect(404);
        (await api.Put($"/app/{second}", """{"name":"b","uid":"same"}""")).Expect(200);
        Assert.Equal(second, (await api.Get("/app/same")).Expect(200)["id"]);
    }

    [Fact]
    public async Task Get_if_exists_returns_the_stored_application_unchanged()
    {
        using var api = fixture.NewOrganization();
        var created = (await api.Post("/app?get_if_exists=true", """{"name":"First","uid":"one"}""")).Expect(201);
        (await api.Post("/app", """{"name":"Second","uid":"one"}""")).Expect(409);
        Assert.Equal(created.Text, (await api.Post("/app?get_if_exists=true", """{"name":"Second","uid":"one"}""")).Expect(200).Text);
        (await api.Post("/app?get_if_exists=maybe", """{"name":"x"}""")).Expect(400);
    }

    [Fact]
    public async Task Applications_are_listed_in_pages_both_ways()
    {
        using var api = fixture.NewOrganization();
        var empty = (await api.Get("/app")).Expect(200);
        Assert.Equal("""{"data":[],"iterator":null,"done":true}""", empty.Text);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await api.NewApplication());
        }

        Assert.Equal(ids, (await api.Get("/app")).Items("id"));
        var first = (await api.Get("/app?limit=2")).Expect(200);
        Assert.Equal(ids[..2], first.Items("id"));
        Assert.False(first.Done);
        var second = (await api.Get($"/app?limit=3&iterator={first["iterator"]}")).Expect(200);
        Assert.Equal(ids[2..], second.Items("id"));
        Assert.True(second.Done);
        var back = (await api.Get($"/app?limit=2&iterator={second["prevIterator"]}")).Expect(200);
        Assert.Equal(ids[..2], back.Items("id"));
        Assert.True(back.Done);
        Assert.Equal(ids.AsEnumerable().Reverse(), (await api.Get("/app?order=descending")).Items("id"));
        Assert.Equal([ids[1], ids[0]], (await api.Get($"/app?order=descending&iterator={ids[2]}")).Items("id"));
        Assert.Equal([ids[4], ids[3]], (await api.Get($"/app?order=descending&iterator=-{ids[2]}")).Items("id"));
        Assert.Empty((await api.Get("/app?limit=0")).Items("id"));
    }

    [Fact]
    public async Task Of_two_organizations_each_sees_only_its_own()
    {
        using var api = fixture.NewOrganization();
        using var others = fixture.NewOrganization();
        var id = await api.NewApplication();
        (await others.Get($"/app/{id}")).Expect(404);
        (await others.Patch($"/app/{id}", """{"name":"x"}""")).Expect(404);
        (await others.Delete($"/app/{id}")).Expect(404);
        (await others.Post($"/app/{id}/msg", """{"eventType":"x","payload":{}}""")).Expect(404);
        (await others.Get($"/app/{id}/msg")).Expect(404);
        (await others.Get($"/app/{id}/endpoint")).Expect(404);
        (await others.Post($"/app/{id}/endpoint", """{"url":"https://example.com"}""")).Expect(404);
        Assert.Empty((await others.Get("/app")).Items("id"));
        (await api.Get($"/app/{id}")).Expect(200);
    }
}
