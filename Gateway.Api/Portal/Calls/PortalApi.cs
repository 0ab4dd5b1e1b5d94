using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Webhooks.Gateway.Api.Portal.Session;

namespace Webhooks.Gateway.Api.Portal.Calls;

/// <summary>The REST API as pages call it: in this process, in the name of whoever has signed in.</summary>
internal sealed class PortalApi(PortalPipeline pipeline, PortalSession session, FirstAnswers first, NavigationManager navigation)
{
    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = 2000 };
    private static readonly JsonSerializerOptions Writing = new(JsonSerializerDefaults.Web);

    /// <summary>Whether this is the first rendering, whose answers the circuit will want too.</summary>
    public bool IsPrerendering { get; set; }

    public async Task<PortalAnswer> GetAsync(string target)
    {
        if (first.TryTake(target, out var kept))
        {
            return Read(kept.Status, Encoding.UTF8.GetBytes(kept.Body));
        }

        var (status, body) = await SendAsync(HttpMethods.Get, target, null);
        if (IsPrerendering)
        {
            first.Keep(target, new FirstAnswer(status, Encoding.UTF8.GetString(body.Span)));
        }

        return Read(status, body);
    }

    public async Task<PortalAnswer> PostAsync(string target, object? body = null) => await ChangeAsync(HttpMethods.Post, target, body ?? new { });

    public async Task<PortalAnswer> PutAsync(string target, object body) => await ChangeAsync(HttpMethods.Put, target, body);

    public async Task<PortalAnswer> PatchAsync(string target, object body) => await ChangeAsync(HttpMethods.Patch, target, body);

    public async Task<PortalAnswer> DeleteAsync(string target) => await ChangeAsync(HttpMethods.Delete, target, null);

    private async Task<PortalAnswer> ChangeAsync(string method, string target, object? body)
    {
        ReadOnlyMemory<byte>? json = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, Writing);
        var (status, answer) = await SendAsync(method, target, json);
        return Read(status, answer);
    }

    private async Task<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(string method, string target, ReadOnlyMemory<byte>? body)
    {
        var answer = await session.FindAsync() is { } user ? await pipeline.CallAsync(method, target, user.Token, body) : (StatusCodes.Status401Unauthorized, default);
        if (answer.Status == StatusCodes.Status401Unauthorized)
        {
            navigation.NavigateTo("/sign-in?ended=true", forceLoad: true);
        }

        return answer;
    }

    private static PortalAnswer Read(int status, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new PortalAnswer(status, default);
        }

        using var document = JsonDocument.Parse(body, Parsing);
        return new PortalAnswer(status, document.RootElement.Clone());
    }
}
