using System.Security.Cryptography;
using System.Text;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Signing;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Grains.Tests.Sending;

/// <summary>What a receiver gets.</summary>
public sealed class WebhookSenderRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_body_arrives_byte_for_byte()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();
        // Not JSON, not UTF-8, a NUL, and longer than any buffer on its way.
        var body = new byte[300_000];
        new Random(7).NextBytes(body);
        body[0] = 0;

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Body = body }, Token);

        Assert.Equal(AttemptOutcome.Success, result.Outcome);
        Assert.Equal(body, Assert.Single(receiver.Requests).Body);
    }

    [Fact]
    public async Task It_is_a_post_over_http_1_1_with_the_contracts_headers()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        await sender.SendAsync(SenderFixture.Request(new Uri(receiver.Url, "in?a=1&b=%20")), Token);

        var request = Assert.Single(receiver.Requests);
        Assert.Equal(("POST", "HTTP/1.1", "/in?a=1&b=%20"), (request.Method, request.Protocol, request.Path));
        Assert.Equal("application/json", request.Header("content-type"));
        Assert.Equal("*/*", request.Header("accept"));
        Assert.Matches(@"^Orleans\.Webhooks/\d+\.\d+\.\d+$", request.Header("user-agent"));
        Assert.Equal("2", request.Header("content-length"));
        Assert.Equal(
            ["Accept", "Content-Length", "Content-Type", "Host", "User-Agent", "svix-id", "svix-signature", "svix-timestamp", "webhook-id", "webhook-signature", "webhook-timestamp"],
            request.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_trace_is_told_beside_what_is_signed_and_an_endpoints_own_header_takes_its_place()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        var plain = SenderFixture.Request(receiver.Url);
        await sender.SendAsync(plain, Token);
        await sender.SendAsync(plain with { TraceParent = trace }, Token);
        await sender.SendAsync(plain with { TraceParent = trace, Headers = new Dictionary<string, string> { ["Traceparent"] = "mine" } }, Token);

        Assert.Equal(["", trace, "mine"], receiver.Requests.Select(static r => r.Header("traceparent")));
        Assert.Single(receiver.Requests.Select(static r => r.Header("webhook-signature")).Distinct());
    }

    [Fact]
    public async Task Both_families_of_headers_carry_a_signature_that_verifies()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();
        var body = "{\"käse\": 1}";

        await sender.SendAsync(SenderFixture.Request(receiver.Url, body), Token);

        var request = Assert.Single(receiver.Requests);
        foreach (var family in new[] { "webhook", "svix" })
        {
            var (id, timestamp) = (request.Header(family + "-id"), request.Header(family + "-timestamp"));
            Assert.Equal("msg_p5jXN8AQM9LWM0D4loKWxJek", id);
            Assert.Equal("1614265330", timestamp);
            var mac = HMACSHA256.HashData(Convert.FromBase64String(SenderFixture.Key[6..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
            Assert.Equal("v1," + Convert.ToBase64String(mac), request.Header(family + "-signature"));
        }
    }

    [Fact]
    public async Task During_a_rotation_both_keys_sign_in_order()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();
        var keys = new[] { SigningKeys.Parse(SigningKeys.Generate()), SigningKeys.Parse(SenderFixture.Key) };

        await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Keys = keys }, Token);

        var request = Assert.Single(receiver.Requests);
        Assert.Equal(
            string.Join(' ', keys.Select(k => k.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, request.Body))),
            request.Header("webhook-signature"));
    }

    [Theory]
    [InlineData(HeaderStyle.Both, true, true)]
    [InlineData(HeaderStyle.Standard, true, false)]
    [InlineData(HeaderStyle.Svix, false, true)]
    public async Task The_setting_chooses_the_family_of_headers(HeaderStyle style, bool hasStandard, bool hasSvix)
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local(new DeliveryOptions { Headers = style });

        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        var headers = Assert.Single(receiver.Requests).Headers;
        Assert.Equal(hasStandard ? 3 : 0, headers.Keys.Count(k => k.StartsWith("webhook-", StringComparison.Ordinal)));
        Assert.Equal(hasSvix ? 3 : 0, headers.Keys.Count(k => k.StartsWith("svix-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_endpoints_own_headers_override_ours_but_neither_the_signature_nor_the_framing()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();
        var headers = new Dictionary<string, string>
        {
            ["USER-AGENT"] = "mine/1",
            ["Content-Type"] = "text/plain",
            ["content-encoding"] = "identity",
            ["X-Key"] = "a, b; c=\"d\"",
            ["Authorization"] = "Bearer t",
            ["Webhook-Signature"] = "v1,forged",
            ["svix-id"] = "forged",
            ["Content-Length"] = "1",
            ["Transfer-Encoding"] = "chunked",
            ["Connection"] = "close",
        };

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Headers = headers }, Token);

        Assert.Equal(AttemptOutcome.Success, result.Outcome);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("mine/1", request.Header("user-agent"));
        Assert.Equal("text/plain", request.Header("content-type"));
        Assert.Equal("identity", request.Header("content-encoding"));
        Assert.Equal("a, b; c=\"d\"", request.Header("x-key"));
        Assert.Equal("Bearer t", request.Header("authorization"));
        Assert.StartsWith("v1,", request.Header("webhook-signature"), StringComparison.Ordinal);
        Assert.DoesNotContain("forged", request.Header("webhook-signature"), StringComparison.Ordinal);
        Assert.Equal("msg_p5jXN8AQM9LWM0D4loKWxJek", request.Header("svix-id"));
        Assert.Equal("2", request.Header("content-length"));
        Assert.Equal("", request.Header("transfer-encoding") + request.Header("connection"));
    }

    [Fact]
    public async Task A_header_keeps_its_letter_case_on_the_wire()
    {
        var head = "";
        await using var receiver = new RawReceiver(async connection =>
        {
            head = await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");
        });
        using var sender = SenderFixture.Local();

        await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Headers = new Dictionary<string, string> { ["X-MixedCase-hEADER"] = "v" } }, Token);

        Assert.StartsWith("POST / HTTP/1.1\r\nHost: ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-MixedCase-hEADER: v\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nwebhook-id: msg_", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x y", "v", "'x y'")]
    [InlineData("x:", "v", "'x:'")]
    [InlineData("", "v", "''")]
    [InlineData("x\r\ny", "v", "'x??y'")]
    [InlineData("x-split", "v\r\nx-evil: 1", "'x-split'")]
    [InlineData("x-nul", "v\0", "'x-nul'")]
    [InlineData("x-latin", "käse", "'x-latin'")]
    public async Task A_header_that_cannot_be_sent_refuses_the_attempt_in_words_without_its_value(string name, string value, string quoted)
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Headers = new Dictionary<string, string> { [name] = value } }, Token);

        Assert.Equal((AttemptOutcome.Refused, 0), (result.Outcome, result.StatusCode));
        Assert.Contains($"header {quoted} cannot be sent", result.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", result.Text(), StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_content_type_that_cannot_be_sent_refuses_the_attempt()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { ContentType = "text/plain\r\nx: y" }, Token);

        Assert.Equal(AttemptOutcome.Refused, result.Outcome);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("user:pass", "user:pass")]
    [InlineData("us%40er:p%3Aass", "us@er:p:ass")]
    [InlineData("user", "user:")]
    public async Task User_and_password_of_the_url_become_basic_authorization(string userInfo, string pair)
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();
        var url = new Uri($"http://{userInfo}@{receiver.Url.Authority}/in");

        await sender.SendAsync(SenderFixture.Request(url), Token);
        await sender.SendAsync(SenderFixture.Request(url) with { Headers = new Dictionary<string, string> { ["authorization"] = "Bearer t" } }, Token);

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)), receiver.Requests[0].Header("authorization"));
        Assert.Equal("Bearer t", receiver.Requests[1].Header("authorization"));
    }

    [Fact]
    public async Task Attempts_that_follow_each_other_share_a_connection()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        for (var i = 0; i < 5; i++)
        {
            await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);
        }

        Assert.Single(receiver.Requests.Select(r => r.Connection).Distinct());
    }
}
