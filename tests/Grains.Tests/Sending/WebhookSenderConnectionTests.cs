using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webhooks.Grains.Sending;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Grains.Tests.Sending;

/// <summary>Where connections go, and what ends them.</summary>
public sealed class WebhookSenderConnectionTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://127.0.0.1:9/", "127.0.0.1", "loopback")]
    [InlineData("https://2130706433:9/", "127.0.0.1", "loopback")]
    [InlineData("https://[::1]:9/", "::1", "loopback")]
    [InlineData("https://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1", "private")]
    [InlineData("https://169.254.169.254/latest/meta-data", "169.254.169.254", "link-local")]
    [InlineData("https://localhost:9/", "localhost", "loopback")]
    public async Task An_address_that_is_not_public_is_refused_by_default_also_behind_a_name(string url, string host, string name)
    {
        using var sender = SenderFixture.Create(new EgressOptions());

        var result = await sender.SendAsync(SenderFixture.Request(new Uri(url)), Token);

        Assert.Equal(
            (AttemptOutcome.Refused, 0, $"{host} is refused by the egress policy ({name} address)"),
            (result.Outcome, result.StatusCode, result.Text()));
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_refused_address()
    {
        await using var receiver = new RawReceiver(_ => Task.CompletedTask);
        using var sender = SenderFixture.Create(new EgressOptions { AllowHttp = true });

        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Http_is_refused_where_it_is_not_allowed()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Create(new EgressOptions { AllowedSubnets = ["127.0.0.0/8"] });

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((AttemptOutcome.Refused, "refused by the egress policy: only https is allowed, not http"), (result.Outcome, result.Text()));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Of_a_names_addresses_only_the_allowed_ones_are_dialled()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(new Uri($"http://localhost:{receiver.Url.Port}/")), Token);

        Assert.Equal(AttemptOutcome.Success, result.Outcome);
    }

    [Fact]
    public async Task A_name_without_an_address_did_not_resolve()
    {
        using var sender = SenderFixture.Create(new EgressOptions());

        var result = await sender.SendAsync(SenderFixture.Request(new Uri("https://nowhere.invalid/")), Token);

        Assert.Equal((AttemptOutcome.NameNotResolved, 0), (result.Outcome, result.StatusCode));
        Assert.StartsWith("name nowhere.invalid did not resolve", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_refuses_the_connection()
    {
        using var sender = SenderFixture.Local();
        var port = FreePort();

        var result = await sender.SendAsync(SenderFixture.Request(new Uri($"http://127.0.0.1:{port}/")), Token);

        Assert.Equal(
            (AttemptOutcome.ConnectFailed, 0, $"connection refused by 127.0.0.1:{port}"),
            (result.Outcome, result.StatusCode, result.Text()));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_fails_tls()
    {
        using var certificate = SelfSigned();
        await using var receiver = await ReceiverServer.StartAsync(certificate: certificate);
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((AttemptOutcome.TlsFailed, 0), (result.Outcome, result.StatusCode));
        Assert.StartsWith($"TLS with {receiver.Url.Authority} failed: The remote certificate is invalid", result.Text(), StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Https_to_a_receiver_that_speaks_http_fails_tls()
    {
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(new Uri($"https://127.0.0.1:{receiver.Url.Port}/")), Token);

        Assert.Equal(AttemptOutcome.TlsFailed, result.Outcome);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_times_out()
    {
        await using var receiver = new RawReceiver(connection => Task.Delay(Timeout.Infinite, connection.Stop));
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Timeout = s_short }, Token);

        Assert.Equal((AttemptOutcome.TimedOut, 0, "timed out after 0.3 s"), (result.Outcome, result.StatusCode, result.Text()));
    }

    [Fact]
    public async Task A_receiver_that_never_shakes_hands_times_out()
    {
        await using var receiver = new RawReceiver(connection => Task.Delay(Timeout.Infinite, connection.Stop));
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(new Uri($"https://127.0.0.1:{receiver.Url.Port}/")) with { Timeout = s_short }, Token);

        Assert.Equal(AttemptOutcome.TimedOut, result.Outcome);
    }

    [Fact]
    public async Task A_handshake_beyond_the_connect_timeout_is_no_connection()
    {
        await using var receiver = new RawReceiver(connection => Task.Delay(Timeout.Infinite, connection.Stop));
        using var sender = SenderFixture.Local(connections: new ConnectionOptions { ConnectTimeoutSeconds = 1 });

        var result = await sender.SendAsync(SenderFixture.Request(new Uri($"https://127.0.0.1:{receiver.Url.Port}/")), Token);

        Assert.Equal(
            (AttemptOutcome.ConnectFailed, $"no connection to 127.0.0.1:{receiver.Url.Port} in time"),
            (result.Outcome, result.Text()));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nx-drip: ", nameof(AttemptOutcome.TimedOut), 0, "timed out after 0.3 s")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", nameof(AttemptOutcome.TimedOut), 0, "timed out after 0.3 s while the answer's body was read (status 200)")]
    [InlineData("HTTP/1.1 410 Gone\r\n\r\n", nameof(AttemptOutcome.HttpError), 410, null)]
    public async Task An_answer_that_comes_in_drops_is_cut_at_the_deadline(string head, string outcome, int status, string? text)
    {
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(head);
            try
            {
                while (true)
                {
                    // How the receiver misbehaves; the test waits for its being hung up on.
                    await Task.Delay(20, connection.Stop);
                    await connection.WriteAsync("d");
                }
            }
            catch (IOException)
            {
                hungUp.SetResult();
            }
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url) with { Timeout = s_short }, Token);

        Assert.Equal((outcome, status), (result.Outcome.ToString(), result.StatusCode));
        Assert.Equal(text ?? new string('d', result.Response.Length), result.Text());
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task An_attempt_that_the_caller_stops_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), stop.Token);

        Assert.Equal((AttemptOutcome.Cancelled, 0), (result.Outcome, result.StatusCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_used_connection_that_closes_under_an_attempt_costs_it_nothing(bool byReset)
    {
        // The first connection answers once and then, as a receiver whose patience ends just now, takes the next request and closes.
        var bodies = new List<string>();
        await using var receiver = new RawReceiver(async connection =>
        {
            for (var isFirst = true; ; isFirst = false)
            {
                bodies.Add((await connection.ReadRequestAsync()).Split("\r\n\r\n")[1]);
                if (connection.Order == 1 && !isFirst)
                {
                    if (byReset)
                    {
                        connection.Reset();
                    }

                    return;
                }

                await connection.WriteAsync("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            }
        });
        using var sender = SenderFixture.Local();

        var first = await sender.SendAsync(SenderFixture.Request(receiver.Url, "1"), Token);
        var second = await sender.SendAsync(SenderFixture.Request(receiver.Url, "2"), Token);

        Assert.Equal((AttemptOutcome.Success, AttemptOutcome.Success), (first.Outcome, second.Outcome));
        Assert.Equal(["1", "2", "2"], bodies);
        Assert.Equal(2, receiver.Connections);
    }

    [Fact]
    public async Task A_new_connection_that_closes_is_not_tried_again()
    {
        await using var receiver = new RawReceiver(connection => connection.ReadRequestAsync());
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal(AttemptOutcome.Broken, result.Outcome);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task The_proxy_of_the_environment_is_not_used()
    {
        await using var proxy = new RawReceiver(_ => Task.CompletedTask);
        await using var receiver = await ReceiverServer.StartAsync();
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Url);
        try
        {
            using var sender = SenderFixture.Local();
            await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        Assert.Single(receiver.Requests);
        Assert.Equal(0, proxy.Connections);
    }

    [Fact]
    public async Task No_header_of_a_running_trace_is_sent()
    {
        using var trace = new Activity("test").Start();
        await using var receiver = await ReceiverServer.StartAsync();
        using var sender = SenderFixture.Local();

        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal("", Assert.Single(receiver.Requests).Header("traceparent"));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
