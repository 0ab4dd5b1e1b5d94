using System.Text;
using System.Text.Json;
using Webhooks.Gateway.Api.Inbox;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>What arrived at an inbox in words.</summary>
internal static class InboxWords
{
    /// <summary>The event type, where the body names it as <c>type</c>.</summary>
    public static string? Kind(InboxRequest request)
    {
        if (request.Body.Length == 0 || request.Body.Span[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(request.Body);
            return json.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        }
        catch (JsonException)
        {
            // Anybody may send anything.
            return null;
        }
    }

    public static string Verdict(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Verified => "Verified",
        SignatureVerdict.OutOfTime => "Out of time",
        SignatureVerdict.Wrong => "Wrong",
        SignatureVerdict.NotChecked => "Not checked",
        _ => "None",
    };

    public static ChipKind Kind(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Verified => ChipKind.Good,
        SignatureVerdict.OutOfTime or SignatureVerdict.Wrong => ChipKind.Bad,
        _ => ChipKind.Plain,
    };

    public static string Headers(InboxRequest request) => string.Join('\n', request.Headers.Select(static h => h.Key + ": " + h.Value));

    public static string Body(InboxRequest request) => request.Body.Length == 0 ? "(empty)" : Encoding.UTF8.GetString(request.Body.Span);
}
