using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Inbox;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>The built-in receiver: what it shows, what it checks, how it answers.</summary>
public sealed class InboxTests(ApiFixture fixture)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_delivery_to_an_inbox_is_shown_with_its_signature_verified()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        var app = await api.NewApplication();
        var endpoint = (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = inbox.Url }))).Expect(201)["id"];
        var message = (await api.Post($"/app/{app}/msg", """{"eventType":"lead.captured","payload":{"email":"ada@example.com"}}""")).Expect(202)["id"];

        var request = await FirstAsync(inbox);

        Assert.Equal(("POST", """{"email":"ada@example.com"}""", 204), (request.GetProperty("method").GetString(), request.GetProperty("body").GetString(), request.GetProperty("answered").GetInt32()));
        Assert.Equal(message, request.GetProperty("headers").GetProperty("webhook-id").GetString());
        Assert.Equal(("verified", endpoint), (Signature(request), request.GetProperty("signature").GetProperty("endpointId").GetString()));
        Assert.DoesNotContain("whsec_", (await inbox.GetAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_rotation_both_keys_verify_and_a_key_of_somebody_else_does_not()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        var app = await api.NewApplication();
        var endpoint = $"/app/{app}/endpoint/" + (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = inbox.Url, secret = Secret }))).Expect(201)["id"];
        (await api.Post(endpoint + "/secret/rotate", "{}")).Expect(204);
        await inbox.SendSignedAsync(Secret, TimeProvider.System.GetUtcNow());
        Assert.Equal("verified", Signature(await FirstAsync(inbox)));

        (await api.Post(endpoint + "/secret/rotate", """{"key":"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","gracePeriodSeconds":0}""")).Expect(204);
        await inbox.SendSignedAsync("whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", TimeProvider.System.GetUtcNow());
        Assert.Equal("wrong", Signature(await FirstAsync(inbox)));
        await inbox.SendSignedAsync("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", TimeProvider.System.GetUtcNow().AddHours(-1));
        Assert.Equal("out-of-time", Signature(await FirstAsync(inbox)));
    }

    [Fact]
    public async Task What_carries_no_signature_or_comes_from_nobody_knows_where_says_so()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        await inbox.Nobody.Send(HttpMethod.Delete, inbox.Path + "?a=1", "hello"u8.ToArray(), ("authorization", "Basic c2VjcmV0"));
        var request = await FirstAsync(inbox);
        Assert.Equal(("DELETE", "?a=1", "hello", "unsigned"), (request.GetProperty("method").GetString(), request.GetProperty("query").GetString(), request.GetProperty("body").GetString(), Signature(request)));
        Assert.Equal("(not shown)", request.GetProperty("headers").GetProperty("Authorization").GetString());

        await inbox.SendSignedAsync(Secret, TimeProvider.System.GetUtcNow());
        Assert.Equal("not-checked", Signature(await FirstAsync(inbox)));
        (await inbox.Nobody.Delete(inbox.Path + "/requests")).Expect(204);
        Assert.Equal((0, 2), ((await inbox.GetAsync()).Json.GetProperty("data").GetArrayLength(), (await inbox.GetAsync()).Json.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task An_endpoint_that_moves_away_is_not_taken_for_the_sender_any_more()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        var app = await api.NewApplication();
        var endpoint = $"/app/{app}/endpoint/" + (await api.Post($"/app/{app}/endpoint", JsonSerializer.Serialize(new { url = inbox.Url, secret = Secret }))).Expect(201)["id"];
        (await api.Patch(endpoint, """{"url":"http://127.0.0.1:9/"}""")).Expect(200);
        await inbox.SendSignedAsync(Secret, TimeProvider.System.GetUtcNow());
        Assert.Equal("not-checked", Signature(await FirstAsync(inbox)));
    }

    [Fact]
    public async Task An_inbox_told_to_fail_fails_so_often_and_is_well_again()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        (await inbox.Nobody.Put(inbox.Path + "/answer", """{"status":503,"times":2}""")).Expect(200);
        Assert.Equal((503, 503, 204), (await inbox.SendAsync(), await inbox.SendAsync(), await inbox.SendAsync()));

        (await inbox.Nobody.Put(inbox.Path + "/answer", """{"status":410}""")).Expect(200);
        Assert.Equal((410, 410, 410), (await inbox.SendAsync(), await inbox.SendAsync(), await inbox.SendAsync()));
        (await inbox.Nobody.Delete(inbox.Path + "/answer")).Expect(204);
        Assert.Equal(204, await inbox.SendAsync());

        (await inbox.Nobody.Put(inbox.Path + "/answer", """{"delaySeconds":1,"times":1}""")).Expect(200);
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(204, await inbox.SendAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(950));
    }

    [Theory]
    [InlineData("""{"status":199}""", "body/status")]
    [InlineData("""{"status":600}""", "body/status")]
    [InlineData("""{"delaySeconds":31}""", "body/delay_seconds")]
    [InlineData("""{"times":0}""", "body/times")]
    public async Task An_answer_that_cannot_be_is_refused(string body, string location)
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        Assert.Equal([location], (await inbox.Nobody.Put(inbox.Path + "/answer", body)).Locations());
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_seen()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        Assert.Equal(413, (await inbox.Nobody.Send(HttpMethod.Post, inbox.Path, new byte[70_000])).Status);
        var request = await FirstAsync(inbox);
        Assert.Equal((true, 413, ""), (request.GetProperty("tooLarge").GetBoolean(), request.GetProperty("answered").GetInt32(), request.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Inboxes_are_made_with_a_token_and_none_is_there_that_was_not_given_out()
    {
        using var api = fixture.NewOrganization();
        using var nobody = fixture.With(null);
        (await nobody.Post("~/inbox", "")).Expect(401);
        var id = (await api.Post("~/inbox", "")).Expect(201)["id"];
        var other = new InboxIds("another secret").Create();
        foreach (var unknown in new[] { other, "in_", "in_x", id[..^1], id + "A", id.ToUpperInvariant() })
        {
            (await nobody.Post("~/inbox/" + unknown, "")).Expect(404);
            (await nobody.Get($"~/inbox/{unknown}/requests")).Expect(404);
        }
    }

    [Fact]
    public async Task Of_too_many_requests_and_of_too_many_bytes_the_oldest_go()
    {
        using var api = fixture.NewOrganization();
        var inbox = await CreateAsync(api);
        for (var i = 0; i < 101; i++)
        {
            await inbox.SendAsync();
        }

        var numbers = await NumbersAsync(inbox);
        Assert.Equal((100, 101, 2), (numbers.Length, numbers[0], numbers[^1]));
        await inbox.Nobody.Send(HttpMethod.Post, inbox.Path, new byte[40_000]);
        await inbox.Nobody.Send(HttpMethod.Post, inbox.Path, new byte[40_000]);
        Assert.Equal(103, Assert.Single(await NumbersAsync(inbox)));
    }

    [Fact]
    public void The_inbox_used_least_lately_makes_room_but_not_one_that_is_looked_at()
    {
        var ids = new InboxIds("secret");
        var inboxes = new Inboxes(ids, Options.Create(new InboxOptions { Enabled = true, MaxInboxes = 2 }), new HostingEnvironment { EnvironmentName = "Production" });
        string[] given = [ids.Create(), ids.Create(), ids.Create(), ids.Create()];
        var looked = inboxes.Find(given[0])!;
        using var watch = looked.Watchers.TryEnter();
        var second = inboxes.Find(given[1]);
        inboxes.Find(given[2]);
        Assert.Same(looked, inboxes.Find(given[0]));
        Assert.NotSame(second, inboxes.Find(given[1]));
    }

    [Theory]
    [InlineData(null, "Development", true)]
    [InlineData(null, "Production", false)]
    [InlineData(true, "Production", true)]
    [InlineData(false, "Development", false)]
    public void Inboxes_are_there_in_development_or_when_they_are_switched_on(bool? setting, string environment, bool enabled)
    {
        var ids = new InboxIds("secret");
        var inboxes = new Inboxes(ids, Options.Create(new InboxOptions { Enabled = setting }), new HostingEnvironment { EnvironmentName = environment });
        Assert.Equal((enabled, enabled), (inboxes.Enabled, inboxes.Find(ids.Create()) is not null));
    }

    [Fact]
    public async Task A_watcher_hears_of_each_change_once_and_a_slow_one_holds_nothing_up()
    {
        var ids = new InboxIds("secret");
        var inbox = new InboxState(ids.Create(), new InboxOptions { MaxWatchers = 1 });
        var watch = inbox.Watchers.TryEnter()!;
        Assert.Null(inbox.Watchers.TryEnter());
        inbox.Clear();
        inbox.Tell(InboxAnswer.Well);
        await using (var changes = watch.ChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await changes.MoveNextAsync());
            var next = changes.MoveNextAsync();
            Assert.False(next.IsCompleted);
            inbox.Clear();
            Assert.True(await next);
            watch.Dispose();
            Assert.False(await changes.MoveNextAsync());
        }

        Assert.NotNull(inbox.Watchers.TryEnter());
    }

    private async Task<Given> CreateAsync(ApiClient api)
    {
        var created = (await api.Post("~/inbox", "")).Expect(201);
        Assert.Equal(created["url"], $"{fixture.Address.GetLeftPart(UriPartial.Authority)}/inbox/{created["id"]}");
        return new Given(created["url"], "~/inbox/" + created["id"], fixture.With(null));
    }

    private static async Task<JsonElement> FirstAsync(Given inbox)
    {
        JsonElement first = default;
        await Eventually.TrueAsync(
            async () => (first = (await inbox.GetAsync()).Expect(200).Json.GetProperty("data").EnumerateArray().FirstOrDefault()).ValueKind == JsonValueKind.Object,
            "something has arrived");
        return first;
    }

    private static async Task<int[]> NumbersAsync(Given inbox) =>
        [.. (await inbox.GetAsync()).Expect(200).Json.GetProperty("data").EnumerateArray().Select(static r => r.GetProperty("number").GetInt32())];

    private static string? Signature(JsonElement request) => request.GetProperty("signature").GetProperty("status").GetString();

    private sealed record Given(string Url, string Path, ApiClient Nobody)
    {
        public Task<ApiAnswer> GetAsync() => Nobody.Get(Path + "/requests");

        public async Task<int> SendAsync() => (await Nobody.Post(Path, "{}")).Status;

        public async Task SendSignedAsync(string secret, DateTimeOffset at)
        {
            var timestamp = at.ToUnixTimeSeconds();
            var signature = Grains.Signing.SigningKeys.Parse(secret).Sign("msg_1", timestamp, Encoding.UTF8.GetBytes("{}"));
            await Nobody.Post(
                Path,
                "{}",
                ("webhook-id", "msg_1"),
                ("webhook-timestamp", timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("webhook-signature", signature));
        }
    }
}
