using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Messages that are sent later, and payloads that are kept for less long.</summary>
public sealed class ScheduleTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_scheduled_message_is_there_at_once_and_delivered_when_it_is_due()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}"}""")).Expect(201);
        var due = TimeProvider.System.GetUtcNow().AddSeconds(2);

        var created = (await api.Post($"/app/{app}/msg", Body(due, "later"))).Expect(202);
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"now":true}}""")).Expect(202);

        Assert.Equal(created.Text, (await api.Get($"/app/{app}/msg/{created["id"]}")).Expect(200).Text);
        Assert.Equal(created.Text, (await api.Get($"/app/{app}/msg/later")).Expect(200).Text);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 2, "both arrived");
        Assert.True(TimeProvider.System.GetUtcNow() >= due);
        Assert.Equal(["""{"now":true}""", """{"scheduled":true}"""], receiver.Requests.Select(static r => System.Text.Encoding.UTF8.GetString(r.Body)));
        Assert.Equal(created["id"], receiver.Requests[1].Headers["webhook-id"].ToString());
        // What was answered is what is read, also after it has been sent.
        Assert.Equal(created.Text, (await api.Get($"/app/{app}/msg/later")).Expect(200).Text);
    }

    [Fact]
    public async Task Keys_and_event_ids_count_from_the_moment_of_acceptance()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var body = Body(TimeProvider.System.GetUtcNow().AddHours(1), "later");

        var first = (await api.Post($"/app/{app}/msg", body, ("idempotency-key", "k"))).Expect(202);
        Assert.Equal(first.Text, (await api.Post($"/app/{app}/msg", body, ("idempotency-key", "k"))).Expect(202).Text);
        (await api.Post($"/app/{app}/msg", body)).Expect(409);
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","eventId":"later","payload":{}}""")).Expect(409);
        var batch = (await api.Post($"/app/{app}/msg/batch", """{"messages":[{"eventType":"a","eventId":"later","payload":{}}]}""")).Expect(202);
        Assert.Equal(409, batch.Json.GetProperty("data")[0].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_time_that_has_passed_means_at_once_and_one_too_far_ahead_is_refused()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var past = (await api.Post($"/app/{app}/msg", Body(TimeProvider.System.GetUtcNow().AddHours(-1), "past"))).Expect(202);
        Assert.Equal([past["id"]], (await api.Get($"/app/{app}/msg")).Items("id"));

        Assert.Equal(["body/deliver_at"], (await api.Post($"/app/{app}/msg", Body(TimeProvider.System.GetUtcNow().AddDays(91), "far"))).Locations());
        Assert.Equal(["value_error.jsondecode"], (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{},"deliverAt":"soon"}""")).FaultTypes());
    }

    [Fact]
    public async Task An_expunged_message_that_waits_is_never_delivered()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}"}""")).Expect(201);
        var message = (await api.Post($"/app/{app}/msg", Body(TimeProvider.System.GetUtcNow().AddSeconds(1), "gone"))).Expect(202)["id"];
        (await api.Delete($"/app/{app}/msg/{message}/content")).Expect(204);

        await Eventually.TrueAsync(async () => (await api.Get($"/app/{app}/msg")).Items("id").Length == 1, "its time came");
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"next":true}}""")).Expect(202);
        await Eventually.TrueAsync(() => receiver.Requests.Count > 0, "the next one arrived");
        Assert.Equal("""{"next":true}""", System.Text.Encoding.UTF8.GetString(Assert.Single(receiver.Requests).Body));
        Assert.True((await api.Get($"/app/{app}/msg/{message}")).Json.GetProperty("payload").GetProperty("expired").GetBoolean());
    }

    [Fact]
    public async Task Tags_are_kept_shown_and_filtered_by()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var tagged = (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{},"tags":["red","blue"]}""")).Expect(202);
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{},"tags":["reddish"]}""")).Expect(202);

        Assert.Equal(["red", "blue"], tagged.Json.GetProperty("tags").EnumerateArray().Select(static t => t.GetString()));
        Assert.Equal([tagged["id"]], (await api.Get($"/app/{app}/msg?tag=red")).Items("id"));
        Assert.Equal(["query/tag/tag"], (await api.Get($"/app/{app}/msg?tag=no%20spaces")).Locations());
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{},"tags":["1","2","3","4","5","6"]}""")).Expect(422);
    }

    [Theory]
    [InlineData("""{"payloadRetentionHours":0}""", "body/payload_retention_hours")]
    [InlineData("""{"payloadRetentionHours":2161}""", "body/payload_retention_hours")]
    [InlineData("""{"payloadRetentionPeriod":4}""", "body/payload_retention_period")]
    [InlineData("""{"payloadRetentionPeriod":30,"payloadRetentionHours":5}""", "body/payload_retention_hours")]
    public async Task A_retention_out_of_range_is_refused(string retention, string location)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        Assert.Equal([location], (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{},""" + retention[1..])).Locations());
    }

    private static string Body(DateTimeOffset due, string eventId) =>
        $$"""{"eventType":"a","eventId":"{{eventId}}","payload":{"scheduled":true},"deliverAt":"{{due.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}""";
}
