using System.Net.Mime;

namespace Webhooks.Gateway.Api.Portal.Calls;

/// <summary>
/// The gateway's own way of answering requests, from errors to handlers: what pages ask goes the same way as what comes by
/// HTTP, so that there is one set of rules and rights.
/// </summary>
internal sealed class PortalPipeline(IServiceScopeFactory scopes)
{
    private RequestDelegate? _rest;

    /// <summary>Remembers what follows in the pipeline.</summary>
    public void Capture(IApplicationBuilder app) => app.Use(next => _rest = next);

    /// <summary>Carries out one call.</summary>
    /// <param name="target">Path and query below <c>/api/v1</c>, escaped.</param>
    /// <param name="body">JSON; null for none.</param>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> CallAsync(string method, string target, string token, ReadOnlyMemory<byte>? body)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var request = context.Request;
        request.Method = method;
        request.Scheme = "http";
        request.Host = new HostString("localhost");
        request.Protocol = "HTTP/1.1";
        request.Path = PathString.FromUriComponent("/api/v1" + (query < 0 ? target : target[..query]));
        request.QueryString = query < 0 ? QueryString.Empty : QueryString.FromUriComponent(target[query..]);
        request.Headers.Authorization = "Bearer " + token;
        request.Headers.Accept = MediaTypeNames.Application.Json;
        if (body is { } content)
        {
            request.ContentType = MediaTypeNames.Application.Json;
            request.ContentLength = content.Length;
            request.Body = new MemoryStream(content.ToArray(), writable: false);
        }

        context.Response.Body = answer;
        await (_rest ?? throw new InvalidOperationException("The gateway has not started."))(context);
        await context.Response.CompleteAsync();
        return (context.Response.StatusCode, answer.ToArray());
    }
}
