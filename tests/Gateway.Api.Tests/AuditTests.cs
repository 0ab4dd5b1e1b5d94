using System.Text.Json;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Who did what by hand.</summary>
public sealed class AuditTests(ApiFixture fixture)
{
    [Fact]
    public async Task Every_act_has_an_entry_with_who_when_and_what_and_no_secret()
    {
        using var api = fixture.NewOrganization(out var organization);
        var (app, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        var id = endpoint.Split('/')[^1];
        var message = await OperatorTests.PublishAsync(api, app);
        (await api.Post(endpoint + "/pause", """{"note":"by hand"}""", ("x-actor", "Ada Lovelace"))).Expect(200);
        (await api.Post(endpoint + "/resume", "")).Expect(200);
        (await api.Patch(endpoint, """{"disabled":true}""")).Expect(200);
        (await api.Put(endpoint, """{"url":"http://127.0.0.1:9/"}""")).Expect(200);
        (await api.Post(endpoint + "/secret/rotate", """{"gracePeriodSeconds":60}""")).Expect(204);
        var key = (await api.Get(endpoint + "/secret"))["key"];
        (await api.Post($"/app/{app}/msg/{message}/endpoint/{id}/resend", "")).Expect(202);
        var task = (await api.Post(endpoint + "/recover", """{"since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z"}""")).Expect(202)["id"];

        var log = (await api.Get(endpoint + "/audit")).Expect(200);
        Assert.Equal(
            ["recovery.started", "message.resent", "endpoint.secret-rotated", "endpoint.enabled", "endpoint.disabled", "endpoint.resumed", "endpoint.paused"],
            log.Items("action"));
        Assert.Equal(log.Text, (await api.Get($"/app/{app}/audit")).Expect(200).Text);
        var entries = log.Json.GetProperty("data").EnumerateArray().ToArray();
        Assert.All(entries, e => Assert.Equal((id, "organization " + organization), (e.GetProperty("endpointId").GetString(), e.GetProperty("actor").GetString())));
        Assert.Equal(("Ada Lovelace", "by hand"), (entries[^1].GetProperty("actorName").GetString(), entries[^1].GetProperty("note").GetString()));
        Assert.Equal(JsonValueKind.Null, entries[0].GetProperty("actorName").ValueKind);
        Assert.Equal(message, entries[1].GetProperty("details").GetProperty("message").GetString());
        var started = entries[0].GetProperty("details");
        Assert.Equal(
            (task, "endpoint.recover", "2026-03-01T00:00:00.000000Z"),
            (started.GetProperty("task").GetString(), started.GetProperty("kind").GetString(), started.GetProperty("since").GetString()));
        Assert.DoesNotContain("whsec_", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key[6..], log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_nothing_has_no_entry_and_a_repeated_call_has_one()
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        (await api.Post(endpoint + "/resume", "")).Expect(200);
        (await api.Patch(endpoint, """{"disabled":false,"description":"new"}""")).Expect(200);
        Assert.Empty((await api.Get(endpoint + "/audit")).Items("id"));

        foreach (var body in new[] { "", "", "{}" })
        {
            (await api.Post(endpoint + "/pause", body, ("idempotency-key", "pause-1"))).Expect(200);
        }

        (await api.Post(endpoint + "/pause", "")).Expect(200);
        Assert.Equal(["endpoint.paused"], (await api.Get(endpoint + "/audit")).Items("action"));
    }

    [Fact]
    public async Task Entries_are_listed_newest_first_page_by_page_and_outlive_their_endpoint()
    {
        using var api = fixture.NewOrganization();
        var (app, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        foreach (var verb in new[] { "pause", "resume", "pause" })
        {
            (await api.Post($"{endpoint}/{verb}", "")).Expect(200);
        }

        var first = await api.Get(endpoint + "/audit?limit=2");
        Assert.Equal(["endpoint.paused", "endpoint.resumed"], first.Items("action"));
        Assert.False(first.Done);
        var second = await api.Get($"{endpoint}/audit?limit=2&iterator={first["iterator"]}");
        Assert.Equal(["endpoint.paused"], second.Items("action"));
        Assert.True(second.Done);
        Assert.Equal(first.Items("id"), (await api.Get($"{endpoint}/audit?limit=2&iterator={second["prevIterator"]}")).Items("id"));
        Assert.Equal(["query/iterator/iterator"], (await api.Get(endpoint + "/audit?iterator=ep_1")).Locations());

        (await api.Delete(endpoint)).Expect(204);
        (await api.Get(endpoint + "/audit")).Expect(404);
        Assert.Equal(3, (await api.Get($"/app/{app}/audit")).Items("id").Length);
    }

    [Theory]
    [InlineData(129)]
    [InlineData(0)]
    public async Task A_name_that_breaks_its_rule_is_refused_and_nothing_is_done(int length)
    {
        using var api = fixture.NewOrganization();
        var (app, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        var message = await OperatorTests.PublishAsync(api, app);
        // A tab is no printable character; a client can send it.
        var actor = ("x-actor", length == 0 ? "a\tb" : new string('a', length));

        Assert.Equal(["header/x-actor"], (await api.Post(endpoint + "/pause", "", actor)).Locations());
        Assert.Equal(["header/x-actor"], (await api.Post($"/app/{app}/msg/{message}/endpoint/{endpoint.Split('/')[^1]}/resend", "", actor)).Locations());
        Assert.Equal(["header/x-actor"], (await api.Post(endpoint + "/recover", """{"since":"2999-01-01T00:00:00Z","until":"2999-01-02T00:00:00Z"}""", actor)).Locations());
        Assert.Equal(["header/x-actor"], (await api.Post(endpoint + "/secret/rotate", "{}", actor)).Locations());
        Assert.False((await api.Get(endpoint)).Json.GetProperty("paused").GetBoolean());
        Assert.Empty((await api.Get(endpoint + "/audit")).Items("id"));
    }

    [Fact]
    public async Task The_log_and_the_verbs_have_the_documents_shape()
    {
        using var api = fixture.NewOrganization();
        var document = new JsonShape((await api.Get("~/openapi/v1.json")).Expect(200).Json);
        var (app, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        Assert.Empty(document.Faults("endpoint.pause", (await api.Post(endpoint + "/pause", """{"note":"n"}""", ("x-actor", "Ada"))).Expect(200)));
        Assert.Empty(document.Faults("endpoint.resume", (await api.Post(endpoint + "/resume", "{}")).Expect(200)));
        Assert.Empty(document.Faults("endpoint.list-audit", (await api.Get(endpoint + "/audit")).Expect(200)));
        Assert.Empty(document.Faults("application.list-audit", (await api.Get($"/app/{app}/audit")).Expect(200)));
        var started = (await api.Post(endpoint + "/recover", """{"since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z"}""")).Expect(202);
        Assert.Empty(document.Faults("endpoint.recover", started));
        Assert.Empty(document.Faults("background-task.get", (await api.Get("/background-task/" + started["id"])).Expect(200)));
    }
}
