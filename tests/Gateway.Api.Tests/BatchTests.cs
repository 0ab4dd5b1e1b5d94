using System.Text;
using System.Text.Json;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Many messages in one call.</summary>
public sealed class BatchTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_thousand_messages_are_accepted_in_their_order_and_delivered_in_it()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}"}""")).Expect(201);

        var answer = (await api.Post($"/app/{app}/msg/batch", Batch(Enumerable.Range(0, 1000).Select(static n => Message($$"""{"n":{{n}}}"""))))).Expect(202);

        var items = answer.Json.GetProperty("data").EnumerateArray().ToArray();
        Assert.All(items, static i => Assert.Equal(202, i.GetProperty("status").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 1000), items.Select(static i => i.GetProperty("message").GetProperty("payload").GetProperty("n").GetInt32()));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1000, "all arrived");
        Assert.Equal(
            items.Select(static i => i.GetProperty("message").GetProperty("id").GetString()),
            receiver.Requests.Select(static r => r.Headers["webhook-id"].ToString()));
    }

    [Fact]
    public async Task A_taken_event_id_is_refused_alone_in_the_log_and_within_the_batch()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/msg", Message("{}", "first"))).Expect(202);

        var answer = (await api.Post($"/app/{app}/msg/batch", Batch([Message("{}", "a"), Message("{}", "first"), Message("{}", "a"), Message("{}", "b")]))).Expect(202);

        Assert.Equal([202, 409, 409, 202], Statuses(answer));
        Assert.Equal("conflict", answer.Json.GetProperty("data")[1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(3, (await api.Get($"/app/{app}/msg")).Items("id").Length);
    }

    [Fact]
    public async Task The_same_key_twice_is_one_batch_and_two_equal_answers()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var body = Batch(Enumerable.Range(0, 20).Select(static n => Message($$"""{"n":{{n}}}""", "e" + n)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.Post($"/app/{app}/msg/batch", body, ("idempotency-key", "batch-1"))));

        Assert.Single(answers.Select(static a => a.Expect(202).Text).Distinct());
        Assert.All(Statuses(answers[0]), static s => Assert.Equal(202, s));
        Assert.Equal(20, (await api.Get($"/app/{app}/msg")).Items("id").Length);
    }

    [Fact]
    public async Task A_batch_that_breaks_a_rule_is_refused_whole_and_says_where()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var bad = (await api.Post($"/app/{app}/msg/batch", Batch([Message("{}"), """{"eventType":"not allowed!","payload":{}}""", """{"eventType":"a","payload":{},"channels":[]}"""]))).Expect(422);

        Assert.Equal(["body/messages[1]/event_type/__all__", "body/messages[2]/channels"], bad.Locations());
        Assert.Equal(["body/messages[0]/deliver_at"], (await api.Post($"/app/{app}/msg/batch", Batch(["""{"eventType":"a","payload":{},"deliverAt":"2126-01-01T00:00:00Z"}"""]))).Locations()[^1..]);
        (await api.Post($"/app/{app}/msg/batch", """{"messages":[]}""")).Expect(422);
        (await api.Post($"/app/{app}/msg/batch", Batch(Enumerable.Repeat(Message("{}"), 1001)))).Expect(422);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
    }

    [Fact]
    public async Task A_batch_may_be_larger_than_a_single_body_and_has_a_limit_of_its_own()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var large = Message($$"""{"text":"{{new string('x', 900_000)}}"}""");

        var taken = (await api.Post($"/app/{app}/msg/batch?with_content=false", Batch(Enumerable.Repeat(large, 4)))).Expect(202);
        Assert.Equal([202, 202, 202, 202], Statuses(taken));
        (await api.Post($"/app/{app}/msg/batch", Batch(Enumerable.Repeat(large, 5)))).Expect(413);
    }

    private static string Batch(IEnumerable<string> messages) => new StringBuilder("""{"messages":[""").AppendJoin(',', messages).Append("]}").ToString();

    private static string Message(string payload, string? eventId = null) =>
        $$"""{"eventType":"lead.captured","payload":{{payload}},"eventId":{{JsonSerializer.Serialize(eventId)}}}""";

    private static int[] Statuses(ApiAnswer answer) => [.. answer.Json.GetProperty("data").EnumerateArray().Select(static i => i.GetProperty("status").GetInt32())];
}
