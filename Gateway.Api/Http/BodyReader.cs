using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;

namespace Webhooks.Gateway.Api.Http;

/// <summary>Reads a request's body as JSON, whatever its content type says.</summary>
internal sealed class BodyReader(IOptions<ApiOptions> options)
{
    /// <summary>The document; the caller disposes it. The bytes stay as they came.</summary>
    /// <exception cref="InputException">It is not JSON in UTF-8.</exception>
    /// <param name="request">The request.</param>
    /// <param name="limit">Bytes at most; null for the limit that the options set.</param>
    public async Task<JsonDocument> ReadAsync(HttpRequest request, int? limit = null) => await ReadUpToAsync(request, limit ?? options.Value.MaxBodyBytes);

    /// <summary>The same; no body at all is an empty object.</summary>
    /// <exception cref="InputException">It is not JSON in UTF-8.</exception>
    /// <param name="request">The request.</param>
    public async Task<JsonDocument> ReadOptionalAsync(HttpRequest request) => await ReadUpToAsync(request, options.Value.MaxBodyBytes, mayBeEmpty: true);

    private async Task<JsonDocument> ReadUpToAsync(HttpRequest request, int limit, bool mayBeEmpty = false)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 4096, limit));
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
            {
                if (body.Length + read > limit)
                {
                    throw TooLarge();
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException error) when (error.StatusCode == 413)
        {
            throw TooLarge();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (mayBeEmpty && body.Length == 0)
        {
            return JsonDocument.Parse("{}");
        }

        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!Utf8.IsValid(bytes.Span))
        {
            throw Undecodable("The body is not UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = options.Value.MaxJsonDepth });
        }
        catch (JsonException error)
        {
            throw Undecodable("The body is not JSON: " + error.Message);
        }
    }

    private static ApiException TooLarge() => new(413, "payload_too_large", "The body is too large.");

    private static InputException Undecodable(string message) => new(new InputFault(["body", "", ""], message, InputFault.Undecodable));
}
