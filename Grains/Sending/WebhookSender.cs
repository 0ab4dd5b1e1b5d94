using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Webhooks.Grains.Sending;

/// <summary>The sender: one handler, and so one pool of connections, per silo.</summary>
internal sealed class WebhookSender : IWebhookSender, IDisposable
{
    // The contract's quick reconnect: a used connection that closes under a young attempt is none of its failures.
    private static readonly TimeSpan s_quickReconnect = TimeSpan.FromSeconds(1);
    private const int MaxRetryAfterLength = 64;
    private const string WishHeader = "webhook-delivery";

    private readonly EgressPolicy _policy;
    private readonly HeaderStyle _style;
    private readonly int _readLimit;
    private readonly HttpMessageInvoker _invoker;

    public WebhookSender(EgressPolicy policy, IOptions<DeliveryOptions> delivery, IOptions<ConnectionOptions> connections)
    {
        _policy = policy;
        _style = delivery.Value.Headers;
        _readLimit = delivery.Value.ResponseReadLimit;
        _invoker = new HttpMessageInvoker(CreateHandler(connections.Value), disposeHandler: true);
    }

    public async Task<AttemptResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (Refuse(request) is { } refusal)
        {
            return new AttemptResult(AttemptOutcome.Refused, 0, Stopwatch.GetElapsedTime(started), Encoding.UTF8.GetBytes(refusal));
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(request.Timeout);
        var status = 0;
        byte[] answer = [];
        string? retryAfter = null;
        var wish = ReceiverWish.None;
        Exception? failure = null;
        try
        {
            using var response = await ExchangeAsync(request, started, deadline.Token).ConfigureAwait(false);
            status = (int)response.StatusCode;
            retryAfter = RetryAfterOf(response);
            wish = WishOf(response);
            if (response.StatusCode >= HttpStatusCode.OK)
            {
                (answer, failure) = await AnswerBody.ReadAsync(response.Content, _readLimit, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        var duration = Stopwatch.GetElapsedTime(started);
        var end = failure is null || !deadline.IsCancellationRequested ? EndOfTime.None
            : cancellationToken.IsCancellationRequested && duration < request.Timeout ? EndOfTime.Cancelled
            : EndOfTime.Deadline;
        var verdict = AttemptVerdict.Of(request.Url.Authority, status, failure, end, request.Timeout);
        return new AttemptResult(
            verdict.Outcome,
            verdict.StatusCode,
            duration,
            verdict.Words is null ? answer : Encoding.UTF8.GetBytes(verdict.Words),
            verdict.StatusCode == 0 ? null : retryAfter,
            verdict.StatusCode == 0 ? ReceiverWish.None : wish);
    }

    public void Dispose() => _invoker.Dispose();

    private string? Refuse(DeliveryRequest request)
    {
        if (_policy.RefuseUrl(request.Url) is { } refusal)
        {
            return "refused by the egress policy: " + refusal;
        }

        foreach (var (name, value) in request.Headers)
        {
            if (HeaderRules.Fault(name, value) is { } fault)
            {
                return fault;
            }
        }

        return HeaderRules.Fault("content-type", request.ContentType);
    }

    private async ValueTask<HttpResponseMessage> ExchangeAsync(DeliveryRequest request, long started, CancellationToken cancellationToken)
    {
        var (timestamp, signature) = DeliveryMessage.Sign(request);
        for (var isFirst = true; ; isFirst = false)
        {
            var message = new DeliveryMessage(request, _style, timestamp, signature);
            try
            {
                return await _invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (isFirst && !message.OpenedConnection && AttemptVerdict.IsClosedConnection(e)
                && Stopwatch.GetElapsedTime(started) < s_quickReconnect)
            {
                // Once more, on another connection.
            }
        }
    }

    private static string? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values) && values.ToString() is { Length: <= MaxRetryAfterLength } text ? text : null;

    private static ReceiverWish WishOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(WishHeader, out var values)
            ? values.ToString() switch
            {
                "disable" => ReceiverWish.Disable,
                "abort-message" => ReceiverWish.AbortMessage,
                _ => ReceiverWish.None,
            }
            : ReceiverWish.None;

    private SocketsHttpHandler CreateHandler(ConnectionOptions options)
    {
        var connectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = connectTimeout,
            ConnectCallback = new OutboundConnector(_policy, new AddressResolver(options.ConcurrentLookups), connectTimeout, options.ReceiveBufferBytes).ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromSeconds(options.LifetimeSeconds),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(options.IdleSeconds),
            MaxConnectionsPerServer = options.MaxPerReceiver,
            MaxResponseHeadersLength = options.ResponseHeaderKilobytes,
            // What is read is limited by the reader; past its limit the connection is worth less than the bytes.
            MaxResponseDrainSize = 0,
        };
    }
}
