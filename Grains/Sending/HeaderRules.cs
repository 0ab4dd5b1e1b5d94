using System.Buffers;
using System.Collections.Frozen;

namespace Webhooks.Grains.Sending;

/// <summary>What an endpoint's own headers may do to a delivery.</summary>
internal static class HeaderRules
{
    private static readonly SearchValues<char> s_nameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> s_valueCharacters =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c), '\t']);

    // The signature is ours, and so is the framing of the request: a wrong length would cut it, or hide a second one in it.
    private static readonly FrozenSet<string> s_ours = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-timestamp", "svix-signature",
        "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect");

    // Those that the HTTP stack files with the body.
    private static readonly FrozenSet<string> s_content = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "allow", "content-disposition", "content-encoding", "content-language", "content-location", "content-md5",
        "content-range", "content-type", "expires", "last-modified");

    /// <summary>Whether the header is left out because it would override what must stay ours.</summary>
    public static bool IsOurs(string name) => s_ours.Contains(name);

    /// <summary>Whether the header belongs to the body's.</summary>
    public static bool IsOfContent(string name) => s_content.Contains(name);

    /// <summary>Why a header cannot be sent; null when it can. Its value is not repeated: it may be a secret.</summary>
    public static string? Fault(string name, string value) =>
        name.Length == 0 || name.AsSpan().ContainsAnyExcept(s_nameCharacters) ? $"the endpoint's header '{Printable(name)}' cannot be sent: its name is not one of HTTP"
        : value.AsSpan().ContainsAnyExcept(s_valueCharacters) ? $"the endpoint's header '{name}' cannot be sent: its value has characters other than printable ASCII"
        : null;

    private static string Printable(string name) => string.Concat(name.Select(static c => c is >= ' ' and <= '~' ? c : '?'));
}
