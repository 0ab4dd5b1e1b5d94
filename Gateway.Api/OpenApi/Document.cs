using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Webhooks.Gateway.Api.OpenApi;

/// <summary>The document as text, made once: it needs no token, and must not cost anybody's call the making.</summary>
internal sealed class Document([FromKeyedServices(Documentation.Name)] IOpenApiDocumentProvider provider)
{
    private readonly SemaphoreSlim _making = new(1, 1);
    private byte[]? _text;

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _text) is { } known)
        {
            return known;
        }

        await _making.WaitAsync(cancellation);
        try
        {
            return _text ??= Encoding.UTF8.GetBytes(await WriteAsync(await provider.GetOpenApiDocumentAsync(cancellation), cancellation));
        }
        finally
        {
            _making.Release();
        }
    }

    private static async Task<string> WriteAsync(OpenApiDocument document, CancellationToken cancellation) =>
        (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellation)).ReplaceLineEndings("\n") + "\n";
}
