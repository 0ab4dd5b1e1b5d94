using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Webhooks.Gateway.Api.Http;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>Takes whatever is sent to an inbox, checks its signature, keeps it, and answers as the inbox was told.</summary>
internal sealed class InboxReceiver(Inboxes inboxes, InboxSignatures signatures, IOptions<InboxOptions> options, TimeProvider time)
{
    private const string Hidden = "(not shown)";

    // What is announced has not arrived yet: room is made for more when it has.
    private const int FirstBytes = 65_536;

    /// <summary>What proves who somebody is has no place on a page that is shown to others.</summary>
    private static readonly HashSet<string> HiddenHeaders = new(StringComparer.OrdinalIgnoreCase) { "authorization", "proxy-authorization", "cookie" };

    public async Task<IResult> ReceiveAsync(HttpContext http, string id)
    {
        var inbox = inboxes.Find(id) ?? throw ApiException.NotFound("There is no such inbox.");
        if (!inbox.TryBegin())
        {
            throw ApiException.Unavailable("The inbox is busy with other requests.");
        }

        try
        {
            var body = await ReadAsync(http.Request);
            var signature = body is { } bytes
                ? await signatures.CheckAsync(inbox, http.Request, bytes)
                : new SignatureCheck(SignatureVerdict.NotChecked, "The request is larger than an inbox keeps.");
            var answer = body is null ? new InboxAnswer(StatusCodes.Status413PayloadTooLarge, TimeSpan.Zero, null) : inbox.TakeAnswer();
            inbox.Add(new InboxRequest
            {
                At = time.GetUtcNow(),
                Method = http.Request.Method,
                Query = http.Request.QueryString.Value ?? "",
                Headers = [.. http.Request.Headers.Select(static h => KeyValuePair.Create(h.Key, HiddenHeaders.Contains(h.Key) ? Hidden : h.Value.ToString()))],
                Body = body ?? default,
                EventType = FindEventType(body ?? default),
                TooLarge = body is null,
                Signature = signature,
                Answer = answer,
            });
            if (answer.Delay > TimeSpan.Zero)
            {
                await Task.Delay(answer.Delay, time, http.RequestAborted);
            }

            return answer.Status < 400
                ? Results.StatusCode(answer.Status)
                : JsonBody.Error(answer.Status, body is null ? "payload_too_large" : "told_to_fail", body is null ? "The body is too large." : "This inbox was told to answer so.");
        }
        finally
        {
            inbox.End();
        }
    }

    private static string? FindEventType(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty || body.Span[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Anybody may send anything, half a surrogate pair too.
            return null;
        }
    }

    /// <summary>The body; null when it is longer than an inbox keeps.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        var limit = options.Value.MaxBytes;
        if (request.ContentLength > limit)
        {
            return null;
        }

        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 256, Math.Min(limit, FirstBytes)));
        while (await request.Body.ReadAsync(body.GetMemory(4096), request.HttpContext.RequestAborted) is > 0 and var read)
        {
            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                return null;
            }
        }

        return body.WrittenMemory;
    }
}
