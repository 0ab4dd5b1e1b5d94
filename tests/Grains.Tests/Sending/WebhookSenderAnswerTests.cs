using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Webhooks.Grains.Sending;
using Webhooks.Tests.Shared;
using Xunit;

namespace Webhooks.Grains.Tests.Sending;

/// <summary>What is made of an answer.</summary>
public sealed class WebhookSenderAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, nameof(AttemptOutcome.Success))]
    [InlineData(204, nameof(AttemptOutcome.Success))]
    [InlineData(299, nameof(AttemptOutcome.Success))]
    [InlineData(304, nameof(AttemptOutcome.HttpError))]
    [InlineData(400, nameof(AttemptOutcome.HttpError))]
    [InlineData(410, nameof(AttemptOutcome.HttpError))]
    [InlineData(503, nameof(AttemptOutcome.HttpError))]
    [InlineData(599, nameof(AttemptOutcome.HttpError))]
    public async Task Only_a_status_in_the_two_hundreds_is_success(int status, string outcome)
    {
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(status));
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((outcome, status, ""), (result.Outcome.ToString(), result.StatusCode, result.Text()));
        Assert.True(result.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_never_followed(int status)
    {
        await using var target = await ReceiverServer.StartAsync();
        await using var receiver = await ReceiverServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = target.Url.ToString();
            return Task.CompletedTask;
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((AttemptOutcome.HttpError, status), (result.Outcome, result.StatusCode));
        Assert.Single(receiver.Requests);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("120")]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT")]
    public async Task A_wish_to_wait_is_passed_on_as_it_is(string text)
    {
        await using var receiver = await ReceiverServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = text;
            return Task.CompletedTask;
        });
        using var sender = SenderFixture.Local();

        Assert.Equal(text, (await sender.SendAsync(SenderFixture.Request(receiver.Url), Token)).RetryAfter);
    }

    [Fact]
    public async Task A_short_answer_is_kept_whole_and_the_connection_with_it()
    {
        await using var receiver = await ReceiverServer.StartAsync((_, context) => context.Response.WriteAsync("thänks"));
        using var sender = SenderFixture.Local();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("thänks", (await sender.SendAsync(SenderFixture.Request(receiver.Url), Token)).Text());
        }

        Assert.Single(receiver.Requests.Select(r => r.Connection).Distinct());
    }

    [Fact]
    public async Task Of_a_long_answer_the_first_20000_bytes_are_kept()
    {
        var answer = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i:0000},")));
        await using var receiver = await ReceiverServer.StartAsync((_, context) => context.Response.Body.WriteAsync(answer).AsTask());
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);
        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal(AttemptOutcome.Success, result.Outcome);
        Assert.Equal(answer[..20_000], result.Response);
        Assert.Single(receiver.Requests.Select(r => r.Connection).Distinct());
    }

    [Fact]
    public async Task An_endless_answer_is_left_at_the_limit_and_its_connection_dropped()
    {
        var written = 0L;
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await ReceiverServer.StartAsync(async (_, context) =>
        {
            context.RequestAborted.Register(dropped.SetResult);
            var chunk = new byte[8192];
            Array.Fill(chunk, (byte)'x');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                Interlocked.Add(ref written, chunk.Length);
                await context.Response.Body.WriteAsync(chunk, CancellationToken.None);
            }
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((AttemptOutcome.Success, 200, 20_000), (result.Outcome, result.StatusCode, result.Response.Length));
        await dropped.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        // No upper bound: a server that has been left goes on writing to nobody until it is told.
        Assert.True(Interlocked.Read(ref written) >= 64 * 1024);
    }

    [Fact]
    public async Task A_compressed_answer_is_kept_as_it_came()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[10_000_000], Token);
        }

        await using var receiver = await ReceiverServer.StartAsync((_, context) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(packed.ToArray()).AsTask();
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal(packed.ToArray(), result.Response);
        Assert.Equal("", Assert.Single(receiver.Requests).Header("accept-encoding"));
    }

    [Fact]
    public async Task Cookies_of_an_answer_are_forgotten()
    {
        await using var receiver = await ReceiverServer.StartAsync((_, context) =>
        {
            context.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        });
        using var sender = SenderFixture.Local();

        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);
        await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal("", receiver.Requests[1].Header("cookie"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", nameof(AttemptOutcome.Success), 200, "ok")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end", nameof(AttemptOutcome.Success), 200, "until the end")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", nameof(AttemptOutcome.Success), 200, "")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nnoise", nameof(AttemptOutcome.HttpError), 101, "")]
    [InlineData("HTTP/1.1 500 Oops\r\ncontent-length: 20\r\n\r\ncut off", nameof(AttemptOutcome.HttpError), 500, "cut off")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\ncut off", nameof(AttemptOutcome.Broken), 0, "the connection was closed before the answer was complete while the answer's body was read (status 200)")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", nameof(AttemptOutcome.Broken), 0, "the answer was not HTTP while the answer's body was read (status 200)")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-le", nameof(AttemptOutcome.Broken), 0, "the connection was closed before the answer was complete")]
    [InlineData("", nameof(AttemptOutcome.Broken), 0, "the connection was closed before the answer was complete")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", nameof(AttemptOutcome.Broken), 0, "the answer was not HTTP")]
    [InlineData("\0\0\0\r\n\r\n", nameof(AttemptOutcome.Broken), 0, "the answer was not HTTP")]
    public async Task Whatever_comes_back_is_an_outcome(string answer, string outcome, int status, string text)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((outcome, status, text), (result.Outcome.ToString(), result.StatusCode, result.Text()));
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task Headers_beyond_the_limit_break_the_answer()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            var header = "x: " + new string('y', 1000) + "\r\n";
            while (!connection.Stop.IsCancellationRequested)
            {
                await connection.WriteAsync(header);
            }
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        Assert.Equal((AttemptOutcome.Broken, 0, "the answer's headers are too large"), (result.Outcome, result.StatusCode, result.Text()));
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_broken()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        using var sender = SenderFixture.Local();

        var result = await sender.SendAsync(SenderFixture.Request(receiver.Url), Token);

        // A reset that arrives while nothing is being read looks like an end.
        Assert.Equal((AttemptOutcome.Broken, 0), (result.Outcome, result.StatusCode));
        Assert.Contains(result.Text(), (string[])["the connection was reset by the receiver", "the connection was closed before the answer was complete"]);
    }
}
