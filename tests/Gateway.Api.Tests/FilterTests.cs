using System.Text.Json;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>Patterns of event types and payload filters over HTTP: what is taken, what is refused, what is delivered.</summary>
public sealed class FilterTests(ApiFixture fixture)
{
    private const string Url = """ "url":"https://example.com/in" """;

    [Fact]
    public async Task A_filter_is_shown_as_it_was_given_and_null_or_a_put_without_it_removes_it()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var filter = """{"data.amount":{"$gte":1000.00},"$or":[{"data.country":{"$in":["DE","FR"]}},{"data.vip":true}]}""";
        var id = (await api.Post($"/app/{app}/endpoint", "{" + Url + ",\"filter\":" + filter + "}")).Expect(201)["id"];

        Assert.Equal(filter, await FilterAsync());
        (await api.Patch($"/app/{app}/endpoint/{id}", """{"description":"d"}""")).Expect(200);
        Assert.Equal(filter, await FilterAsync());
        (await api.Patch($"/app/{app}/endpoint/{id}", """{"filter":null}""")).Expect(200);
        Assert.Equal("null", await FilterAsync());
        (await api.Put($"/app/{app}/endpoint/{id}", "{" + Url + ""","filter":{"a":1}}""")).Expect(200);
        Assert.Equal("""{"a":1}""", await FilterAsync());
        (await api.Put($"/app/{app}/endpoint/{id}", "{" + Url + "}")).Expect(200);
        Assert.Equal("null", await FilterAsync());

        async Task<string> FilterAsync() => (await api.Get($"/app/{app}/endpoint/{id}")).Expect(200).Json.GetProperty("filter").GetRawText();
    }

    [Theory]
    [InlineData("""{"filter":{"a":{"$gt":true}}}""", "body/filter")]
    [InlineData("""{"filter":{}}""", "body/filter")]
    [InlineData("""{"filter":"a = 1"}""", "body/filter")]
    [InlineData("""{"filter":[{"a":1}]}""", "body/filter")]
    [InlineData("""{"filter":{"a":"\ud800"}}""", "body/filter")]
    [InlineData("""{"eventTypes":["*"]}""", "body/event_types/[0]/__all__")]
    [InlineData("""{"eventTypes":[".*"]}""", "body/event_types/[0]/__all__")]
    [InlineData("""{"eventTypes":["lead*"]}""", "body/event_types/[0]/__all__")]
    [InlineData("""{"eventTypes":["ok.*","lead.*.eu"]}""", "body/event_types/[1]/__all__")]
    [InlineData("""{"eventTypes":["lead.*.*"]}""", "body/event_types/[0]/__all__")]
    [InlineData("""{"filterTypes":["l d.*"]}""", "body/event_types/[0]/__all__")]
    [InlineData("""{"channels":["lead.*"]}""", "body/channels/[0]/__all__")]
    public async Task What_breaks_a_rule_is_refused_at_its_place_and_changes_nothing(string change, string location)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var created = (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","filter":{"a":1},"eventTypes":["lead.*"]}""")).Expect(201);
        var path = $"/app/{app}/endpoint/{created["id"]}";

        Assert.Equal([location], (await api.Patch(path, change)).Locations());
        Assert.Equal([location], (await api.Put(path, "{" + Url + "," + change[1..])).Locations());
        Assert.Equal([location], (await api.Post($"/app/{app}/endpoint", "{" + Url + "," + change[1..])).Locations());
        Assert.Equal(created.Text, (await api.Get(path)).Text);
        Assert.Single((await api.Get($"/app/{app}/endpoint")).Items("id"));
    }

    [Fact]
    public async Task A_fault_of_a_filter_says_where_it_is()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var answer = await api.Post($"/app/{app}/endpoint", "{" + Url + ""","filter":{"$or":[{"data.amount":{"$over":5}}]}}""");
        Assert.StartsWith("`data.amount`: `$over` is no operator", answer.Expect(422).Json.GetProperty("detail")[0].GetProperty("msg").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_needs_no_event_type_and_an_exact_name_beside_it_does()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","eventTypes":["lead.*"]}""")).Expect(201);
        (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","eventTypes":["lead.*","sale.completed"]}""")).Expect(422);
        (await api.Post("/event-type", """{"name":"sale.completed","description":""}""")).Expect(201);
        var mixed = (await api.Post($"/app/{app}/endpoint", "{" + Url + ""","eventTypes":["lead.*","sale.completed"]}""")).Expect(201);
        Assert.Equal("""["lead.*","sale.completed"]""", mixed.Json.GetProperty("filterTypes").GetRawText());
    }

    [Fact]
    public async Task Messages_go_where_pattern_channel_and_payload_let_them()
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        async Task<string> EndpointAsync(string path, string filters) =>
            (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}{{path}}",{{filters}}}""")).Expect(201)["id"];
        var large = await EndpointAsync("large", """ "eventTypes":["sale.*"],"filter":{"total":{"$gte":1000}} """);
        await EndpointAsync("leads", """ "eventTypes":["lead.*"] """);
        await EndpointAsync("vip", """ "channels":["vip"],"filter":{"country":{"$ne":"FR"}} """);
        await EndpointAsync("all", """ "description":"d" """);

        await PublishAsync("""{"eventType":"sale.completed","payload":{"n":1,"total":999.99}}""");
        await PublishAsync("""{"eventType":"sale.completed","payload":{"n":2,"total":1000.0}}""");
        await PublishAsync("""{"eventType":"sale","payload":{"n":3,"total":2000}}""");
        await PublishAsync("""{"eventType":"lead.captured.eu","channels":["vip"],"payload":{"n":4}}""");
        await PublishAsync("""{"eventType":"lead","channels":["vip"],"payload":{"n":5,"country":"FR"}}""");
        // Judged as it is published: a filter that is changed later changes nothing for what was published before.
        (await api.Patch($"/app/{app}/endpoint/{large}", """{"filter":null}""")).Expect(200);
        await PublishAsync("""{"eventType":"sale.completed","payload":{"n":6,"total":1}}""");

        await Eventually.TrueAsync(() => At("all").Length == 6 && At("large").Length == 2 && At("leads").Length == 1 && At("vip").Length == 1, "everything arrives");
        Assert.Equal([1, 2, 3, 4, 5, 6], At("all"));
        Assert.Equal([2, 6], At("large"));
        Assert.Equal([4], At("leads"));
        Assert.Equal([4], At("vip"));

        async Task PublishAsync(string message) => (await api.Post($"/app/{app}/msg", message)).Expect(202);
        int[] At(string path) => [.. receiver.Requests.Where(r => r.Path == "/" + path).Select(static r => JsonDocument.Parse(r.Body).RootElement.GetProperty("n").GetInt32())];
    }

    [Theory]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":{"total":1000}}""", null)]
    [InlineData("""{"eventType":"lead.captured","channels":["eu"],"payload":{"total":1000}}""", "event-type")]
    [InlineData("""{"eventType":"sale.completed","channels":["us"],"payload":{"total":1000}}""", "channel")]
    [InlineData("""{"eventType":"sale.completed","payload":{"total":1000}}""", "channel")]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":{"total":1}}""", "filter")]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":"text"}""", "filter")]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":{"total":1},"filter":null}""", null)]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":{"total":1},"filter":{"total":1}}""", null)]
    [InlineData("""{"eventType":"sale.completed","channels":["eu"],"payload":{"total":1000},"filter":{"total":1}}""", "filter")]
    [InlineData("""{"eventType":"lead.captured","channels":["eu"],"payload":{"total":1000},"eventTypes":["lead.*"]}""", null)]
    [InlineData("""{"eventType":"lead.captured","channels":["eu"],"payload":{"total":1000},"eventTypes":null}""", null)]
    public async Task Filters_can_be_tried_without_a_trace(string attempt, string? rule)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(204));
        var created = (await api.Post($"/app/{app}/endpoint", $$"""{"url":"{{receiver.Url}}","eventTypes":["sale.*"],"channels":["eu"],"filter":{"total":{"$gte":1000} } }""")).Expect(201);
        var path = $"/app/{app}/endpoint/{created["id"]}";

        var answer = (await api.Post(path + "/filter/test", attempt)).Expect(200);

        Assert.Equal(rule is null, answer.Json.GetProperty("matches").GetBoolean());
        Assert.Equal(rule, answer.Json.GetProperty("rule").GetString());
        Assert.Equal(created.Text, (await api.Get(path)).Text);
        Assert.Empty((await api.Get($"/app/{app}/msg")).Items("id"));
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("""{"payload":{}}""", "body/eventType")]
    [InlineData("""{"eventType":"a"}""", "body/payload")]
    [InlineData("""{"eventType":"a b","payload":{}}""", "body/event_type/__all__")]
    [InlineData("""{"eventType":"a","payload":{},"channels":[]}""", "body/channels")]
    [InlineData("""{"eventType":"a","payload":{},"filter":{"a":{"$gt":null}}}""", "body/filter")]
    [InlineData("""{"eventType":"a","payload":{},"eventTypes":["*"]}""", "body/event_types/[0]/__all__")]
    public async Task A_trial_that_breaks_a_rule_is_refused_at_its_place(string attempt, string location)
    {
        using var api = fixture.NewOrganization();
        var app = await api.NewApplication();
        var id = (await api.Post($"/app/{app}/endpoint", "{" + Url + "}")).Expect(201)["id"];

        Assert.Equal([location], (await api.Post($"/app/{app}/endpoint/{id}/filter/test", attempt)).Locations());
        (await api.Post($"/app/{app}/endpoint/nobody/filter/test", """{"eventType":"a","payload":{}}""")).Expect(404);
    }
}
