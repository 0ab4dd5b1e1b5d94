using System.Text.Json;

namespace Webhooks.Grains.Matching;

/// <summary>A message's payload as filters look at it: parsed at the first look, once for all of them.</summary>
internal sealed class MessagePayload(byte[]? bytes) : IDisposable
{
    // Above what the API takes at most: what it let in is read here.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 10_064 };

    private JsonDocument? _document;
    private bool _read;

    /// <summary>The parsed payload; undefined when it is no JSON, or gone.</summary>
    public JsonElement Root
    {
        get
        {
            if (!_read)
            {
                _read = true;
                _document = Parse();
            }

            return _document?.RootElement ?? default;
        }
    }

    public void Dispose() => _document?.Dispose();

    private JsonDocument? Parse()
    {
        try
        {
            return bytes is { Length: > 0 } ? JsonDocument.Parse(bytes, Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
