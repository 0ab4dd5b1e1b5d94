using Webhooks.Gateway.Api.Apis;
using Webhooks.Grains.Interfaces;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Recoveries and replays in the background: started, looked at, listed, ended.</summary>
public sealed class BackgroundTaskTests(ApiFixture fixture)
{
    private const string Range = """{"since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z"}""";

    [Theory]
    [InlineData("recover", Range, "endpoint.recover", "recovery.started")]
    [InlineData("replay-missing", Range, "endpoint.replay", "recovery.started")]
    [InlineData("bulk-replay", """{"since":"2001-01-01T00:00:00Z","until":"2001-01-02T00:00:00Z","eventTypes":["a"],"channel":"c","tag":"t","status":2,"statusCodeClass":500,"dryRun":true}""", "endpoint.bulk-replay", "recovery.started")]
    [InlineData("dead-letter/resend", "", "endpoint.resend-dead-letters", "dead-letters.resent")]
    public async Task A_task_is_started_under_its_name_and_written_down(string route, string body, string task, string action)
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");

        var started = (await api.Post($"{endpoint}/{route}", body, ("idempotency-key", "once"))).Expect(202);
        Assert.Equal(("running", task), (started["status"], started["task"]));
        Assert.Equal(started["id"], (await api.Post($"{endpoint}/{route}", body, ("idempotency-key", "once"))).Expect(202)["id"]);

        var seen = (await api.Get("/background-task/" + started["id"])).Expect(200);
        Assert.Equal((started["id"], task), (seen["id"], seen["task"]));
        Assert.InRange(seen.Json.GetProperty("data").GetProperty("progress").GetDouble(), 0, 1);
        Assert.EndsWith(seen.Json.GetProperty("data").GetProperty("appId").GetString() + "/endpoint/" + seen.Json.GetProperty("data").GetProperty("endpointId").GetString(), endpoint, StringComparison.Ordinal);
        var log = await api.Get(endpoint + "/audit");
        Assert.Equal([action], log.Items("action"));
        var details = log.Json.GetProperty("data")[0].GetProperty("details");
        Assert.Equal((started["id"], task, route == "bulk-replay"), (details.GetProperty("task").GetString(), details.GetProperty("kind").GetString(), details.GetProperty("dryRun").GetBoolean()));
        Assert.Equal(route == "bulk-replay", details.TryGetProperty("filter", out _));
    }

    [Theory]
    [InlineData("recover", "{}", "body/since")]
    [InlineData("recover", """{"since":"2026-03-01T00:00:00Z","until":"2026-03-20T00:00:00Z"}""", "body/since")]
    [InlineData("recover", """{"since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z","dryRun":1}""", "body/dryRun")]
    [InlineData("bulk-replay", "{}", "body/since")]
    [InlineData("bulk-replay", """{"since":"2026-03-03T00:00:00Z","until":"2026-03-02T00:00:00Z"}""", "body/since")]
    [InlineData("bulk-replay", """{"since":"2026-03-01T00:00:00Z","status":1}""", "body/status")]
    [InlineData("bulk-replay", """{"since":"2026-03-01T00:00:00Z","statusCodeClass":250}""", "body/status_code_class")]
    [InlineData("bulk-replay", """{"since":"2026-03-01T00:00:00Z","eventTypes":[]}""", "body/event_types")]
    [InlineData("bulk-replay", """{"since":"2026-03-01T00:00:00Z","channel":"a b"}""", "body/channel/__all__")]
    [InlineData("bulk-replay", """{"since":"2026-03-01T00:00:00Z","tag":7}""", "body/tag")]
    [InlineData("dead-letter/resend", """{"since":"yesterday"}""", "body/since")]
    [InlineData("dead-letter/resend", """{"since":"2026-03-03T00:00:00Z","until":"2026-03-02T00:00:00Z"}""", "body/since")]
    public async Task Bad_input_starts_nothing(string route, string body, string location)
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        Assert.Equal([location], (await api.Post($"{endpoint}/{route}", body)).Locations());
        Assert.Empty((await api.Get(endpoint + "/audit")).Items("id"));
    }

    [Theory]
    [InlineData("status=paused")]
    [InlineData("task=endpoint.nothing")]
    [InlineData("order=up")]
    [InlineData("limit=x")]
    public async Task A_list_of_something_unheard_of_is_refused(string query)
    {
        using var api = fixture.NewOrganization();
        (await api.Get("/background-task?" + query)).Expect(400);
    }

    [Fact]
    public async Task Kinds_that_nothing_starts_here_are_an_empty_list()
    {
        using var api = fixture.NewOrganization();
        Assert.Empty((await api.Get("/background-task?task=application.stats")).Items("id"));
    }

    [Fact]
    public async Task Tasks_are_listed_newest_first_by_status_and_kind_to_their_organization_alone()
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        var recover = (await api.Post(endpoint + "/recover", Range)).Expect(202)["id"];
        var replay = (await api.Post(endpoint + "/replay-missing", Range)).Expect(202)["id"];
        await Eventually.TrueAsync(async () => (await api.Get("/background-task?status=finished")).Items("id").Length == 2, "both have ended");

        Assert.Equal([replay, recover], (await api.Get("/background-task")).Items("id"));
        Assert.Equal([recover, replay], (await api.Get("/background-task?order=ascending")).Items("id"));
        Assert.Equal([recover], (await api.Get("/background-task?task=endpoint.recover")).Items("id"));
        Assert.Equal([recover], (await api.Get($"/background-task?limit=1&iterator={replay}")).Items("id"));
        Assert.Empty((await api.Get("/background-task?status=failed")).Items("id"));
        using var stranger = fixture.NewOrganization();
        Assert.Empty((await stranger.Get("/background-task")).Items("id"));
    }

    [Fact]
    public async Task Tasks_asked_for_while_others_end_all_end_too()
    {
        using var api = fixture.NewOrganization();
        var (_, endpoint) = await OperatorTests.EndpointAsync(api, "http://127.0.0.1:9/");
        const int Tasks = 40;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(async n => (await api.Post(endpoint + (n % 2 == 0 ? "/recover" : "/replay-missing"), Range)).Expect(202)));
        await Eventually.TrueAsync(async () => (await api.Get("/background-task?limit=250&status=finished")).Items("id").Length == Tasks, "all have ended");
    }

    [Fact]
    public async Task A_cancelled_task_is_failed_says_so_and_names_who_cancelled_it()
    {
        using var api = fixture.NewOrganization();
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) => await Task.Delay(Timeout.Infinite, context.RequestAborted));
        var app = await api.NewApplication();
        for (var i = 0; i < 5; i++)
        {
            await OperatorTests.PublishAsync(api, app);
        }

        // Published before the endpoint was there, and held up at the first of them.
        var id = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}"}""")).Expect(201)["id"];
        var since = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var task = (await api.Post($"/app/{app}/endpoint/{id}/replay-missing", "{\"since\":\"" + since + "\"}")).Expect(202)["id"];
        await Eventually.TrueAsync(() => receiver.Requests.Count > 0, "it is under way");

        var cancelled = (await api.Post($"/background-task/{task}/cancel", """{"note":"wrong day"}""", ("x-actor", "Ada"))).Expect(200);

        Assert.Equal("failed", cancelled["status"]);
        Assert.True(cancelled.Json.GetProperty("data").GetProperty("cancelled").GetBoolean());
        Assert.Equal([task], (await api.Get("/background-task?status=failed")).Items("id"));
        var log = await api.Get($"/app/{app}/audit");
        Assert.Equal(["recovery.cancelled", "recovery.started"], log.Items("action"));
        Assert.Equal("Ada", log.Json.GetProperty("data")[0].GetProperty("actorName").GetString());
        (await api.Post("/background-task/qtask_unknown/cancel", "")).Expect(404);
    }

    [Fact]
    public void Two_lists_are_one_page_in_either_direction()
    {
        Page<string> one = new(["f", "d", "b"], HasMore: false);
        Page<string> other = new(["e", "c", "a"], HasMore: true);

        var down = MergedPages.Of(one, other, new PageRequest(4, Descending: true), static i => i);
        Assert.Equal((["f", "e", "d", "c"], true), (down.Items.ToArray(), down.HasMore), Same);
        var back = MergedPages.Of(one, other, new PageRequest(4, "_", Backwards: true, Descending: true), static i => i);
        Assert.Equal((["d", "c", "b", "a"], true), (back.Items.ToArray(), back.HasMore), Same);
        var up = MergedPages.Of(new Page<string>(["b"], false), new Page<string>(["a"], false), new PageRequest(4), static i => i);
        Assert.Equal((["a", "b"], false), (up.Items.ToArray(), up.HasMore), Same);

        static bool Same((string[] Items, bool HasMore) a, (string[] Items, bool HasMore) b) => a.Items.SequenceEqual(b.Items) && a.HasMore == b.HasMore;
    }
}
