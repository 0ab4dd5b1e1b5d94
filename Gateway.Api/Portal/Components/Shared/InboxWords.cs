using System.Text;
using Webhooks.Gateway.Api.Inbox;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>What arrived at an inbox in words.</summary>
internal static class InboxWords
{
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
