using System.Text;
using System.Text.Json;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Publishing, and reading what was published.</summary>
public sealed class MessageTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_message_is_answered_202_in_the_contracts_shape_and_can_be_read()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var created = (await api.Post($"/app/{app}/msg", """{"eventType":"lead.captured","eventId":"e-1","channels":["vip"],"payload":{"a" : 1.50}}""")).Expect(202);

        Assert.Equal(["channels", "eventId", "eventType", "id", "payload", "timestamp"], created.Json.EnumerateObject().Select(static p => p.Name).Order());
        Assert.StartsWith("msg_", created["id"], StringComparison.Ordinal);
        Assert.Contains("""{"a" : 1.50}""", created.Text, StringComparison.Ordinal);
        foreach (var address in new[] { created["id"], "e-1" })
        {
            Assert.Equal(created.Text, (await api.Get($"/app/{app}/msg/{address}")).Expect(200).Text);
        }

        Assert.Equal("{}", (await api.Get($"/app/{app}/msg/e-1?with_content=false")).Json.GetProperty("payload").GetRawText());
    }

    [Theory]
    [InlineData("""{"payload":{}}""")]
    [InlineData("""{"eventType":"a"}""")]
    [InlineData("""{"eventType":"","payload":{}}""")]
    [InlineData("""{"eventType":"not allowed!","payload":{}}""")]
    [InlineData("""{"eventType":"a","payload":[]}""")]
    [InlineData("""{"eventType":"a","payload":"text"}""")]
    [InlineData("""{"eventType":"a","payload":null}""")]
    [InlineData("""{"eventType":1,"payload":{}}""")]
    [InlineData("""{"eventType":"a","payload":{},"channels":[]}""")]
    [InlineData("""{"eventType":"a","payload":{},"channels":["1","2","3","4","5","6"]}""")]
    [InlineData("""{"eventType":"a","payload":{},"channels":["no spaces"]}""")]
    [InlineData("""{"eventType":"a","payload":{},"channels":["a\u0000b"]}""")]
    [InlineData("""{"eventType":"a","payload":{},"eventId":"a b"}""")]
    [InlineData("""{"eventType":"a","payload":{},"orderingKey":"a\u0000b"}""")]
    [InlineData("""{"eventType":"a","payload":{},"payloadRetentionPeriod":4}""")]
    public async Task What_breaks_a_rule_is_answered_422_and_nothing_is_stored(string body)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/msg", body)).Expect(422);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"eventType":"a","payload":{}}}""")]
    [InlineData("""{"eventType":"a","payload":{},}""")]
    [InlineData("\"a\\uD800\"")]
    public async Task What_is_not_json_is_refused_and_nothing_is_stored(string body)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var answer = await api.Post($"/app/{app}/msg", body);
        Assert.InRange(answer.Status, 400, 422);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_answered_413_and_nothing_is_stored()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var body = Encoding.UTF8.GetBytes("""{"eventType":"a","payload":{"x":"PAD"}}""".Replace("PAD", new string('x', 3 * 1024 * 1024), StringComparison.Ordinal));
        (await api.Send(HttpMethod.Post, $"/app/{app}/msg", body)).Expect(413);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
    }

    [Fact]
    public async Task An_application_that_is_not_there_is_answered_404()
    {
        using var api = fixture.NewOrganization();
        using var other = fixture.NewOrganization();
        var foreign = await other.NewApplication();
        foreach (var app in new[] { foreign, "app_0000000000000000000000", "nobody" })
        {
            Assert.Equal("not_found", (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(404)["code"]);
            (await api.Post($"/app/{app}/event", """{"type":"a","data":{}}""")).Expect(404);
        }

        Assert.Empty((await other.Get($"/app/{foreign}/msg")).Items("id"));
    }

    [Fact]
    public async Task One_event_id_is_one_message()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/msg", """{"eventType":"a","eventId":"order-1","payload":{}}""")).Expect(202);
        Assert.Equal("conflict", (await api.Post($"/app/{app}/msg", """{"eventType":"a","eventId":"order-1","payload":{}}""")).Expect(409)["code"]);
        Assert.Single((await api.Get($"/app/{app}/msg")).Items("id"));
        (await api.Post($"/app/{await api.NewApplication()}/msg", """{"eventType":"a","eventId":"order-1","payload":{}}""")).Expect(202);
    }

    [Fact]
    public async Task One_idempotency_key_is_one_message_and_one_answer_however_often_and_at_once()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var key = ("idempotency-key", Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"n":1}}""", key)));
        Assert.Single(answers.Select(static a => a.Expect(202).Text).Distinct());
        Assert.Single((await api.Get($"/app/{app}/msg")).Items("id"));

        (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{"n":1}}""", ("idempotency-key", Guid.NewGuid().ToString()))).Expect(202);
        Assert.Equal(2, (await api.Get($"/app/{app}/msg")).Items("id").Length);
    }

    [Fact]
    public async Task Messages_are_listed_newest_first_in_pages()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await api.Post($"/app/{app}/msg", """{"eventType":"a","payload":{}}""")).Expect(202)["id"]);
        }

        var first = await api.Get($"/app/{app}/msg?limit=2");
        Assert.Equal(ids[..2], first.Items("id"));
        Assert.False(first.Done);
        var second = await api.Get($"/app/{app}/msg?limit=10&iterator={first["iterator"]}");
        Assert.Equal(ids[2..], second.Items("id"));
        Assert.True(second.Done);
        (await api.Get($"/app/{app}/msg?limit=0x")).Expect(400);
        (await api.Get($"/app/{app}/msg?limit=251")).Expect(422);
        (await api.Get($"/app/{app}/msg?before=yesterday")).Expect(400);
    }

    [Fact]
    public async Task An_event_reaches_its_receiver_as_type_timestamp_and_data_byte_for_byte()
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = receiver.Url.ToString() }))).Expect(201);

        (await api.Post($"/app/{app}/event", """{"data":{"price" : 1.50, "é":"\u00e9\ud83e\udd8a"},"type":"sale.completed","timestamp":"2026-03-01T12:00:00+02:00"}""")).Expect(202);
        (await api.Post($"/app/{app}/event", """{"type":"lead.captured","data":[1]}""")).Expect(202);

        await Eventually.TrueAsync(() => receiver.Requests.Count == 2, "both events arrive");
        Assert.Equal(
            """{"type":"sale.completed","timestamp":"2026-03-01T12:00:00+02:00","data":{"price" : 1.50, "é":"\u00e9\ud83e\udd8a"}}""",
            Encoding.UTF8.GetString(receiver.Requests[0].Body));
        using var second = JsonDocument.Parse(receiver.Requests[1].Body);
        Assert.Equal(["type", "timestamp", "data"], second.RootElement.EnumerateObject().Select(static p => p.Name));
        Assert.InRange(second.RootElement.GetProperty("timestamp").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Theory]
    [InlineData("""{"type":"a"}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"type":"a b","data":{}}""")]
    [InlineData("""{"type":"a","data":{},"timestamp":"yesterday"}""")]
    [InlineData("""{"type":"a","data":{},"timestamp":"2026-03-01T12:00:00"}""")]
    public async Task An_event_that_breaks_a_rule_is_refused(string body)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/event", body)).Expect(422);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
    }
}
