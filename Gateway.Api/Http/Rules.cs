using System.Text;
using System.Text.Json;

namespace Webhooks.Gateway.Api.Http;

/// <summary>The contract's rules for values.</summary>
internal static class Rules
{
    public const int MaxNameLength = 256;
    public const int MaxMetadataBytes = 4096;
    public const int MaxRate = 65535;
    public const int MaxHeaderValueBytes = 4096;

    private const string NameRule = "Must be 1 to 256 of a-z A-Z 0-9 - _ .";

    private static readonly HashSet<string> ForbiddenHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "user-agent", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade", "age",
        "cache-control", "clear-site-data", "expires", "pragma", "warning", "content-length", "content-type", "content-encoding",
        "content-language", "content-location", "host", "connection", "expect",
    };

    private static readonly string[] ForbiddenPrefixes =
        ["x-amz-", "x-amzn-", "x-google", "x-goog-", "x-gfe", "x-azure-", "x-fd-", "x-svix-", "svix-", "webhook-"];

    /// <summary>Names of uids, event types, channels: letters, digits, <c>- _ .</c>, 1 to 256.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static void Name(this Input input, string? name, string field)
    {
        if (name is not null && !IsName(name))
        {
            input.Refuse(NameRule, field, "__all__");
        }
    }

    public static void Uid(this Input input, string? uid, string prefix, string field = "uid")
    {
        if (uid is null)
        {
            return;
        }

        if (!IsName(uid))
        {
            input.Refuse(NameRule, field, "__all__");
        }
        else if (uid.StartsWith(prefix, StringComparison.Ordinal))
        {
            input.Refuse($"Must not start with {prefix}", field, "__all__");
        }
    }

    public static void Label(this Input input, string? text, string field, int minLength = 0)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length < minLength)
        {
            input.Refuse("Must not be empty.", field);
        }
        else if (text.Any(static c => c <= '\u0008'))
        {
            input.Refuse("Must not hold control characters.", field);
        }
    }

    public static void Rate(this Input input, int? rate, string field = "throttle_rate")
    {
        if (rate is < 1 or > MaxRate)
        {
            input.Refuse($"Must be 1 to {MaxRate}.", field);
        }
    }

    public static void Names(this Input input, IReadOnlyList<string>? names, string field, int max)
    {
        if (names is null)
        {
            return;
        }

        if (names.Count == 0 || names.Count > max)
        {
            input.Refuse(max == int.MaxValue ? "Must not be empty." : $"Must hold 1 to {max} items.", field);
        }

        foreach (var (index, name) in names.Index())
        {
            if (!IsName(name))
            {
                input.Refuse(NameRule, field, $"[{index}]", "__all__");
            }
        }
    }

    /// <summary>Event types that an endpoint asks for: names, and names with <c>.*</c> behind, which mean whatever goes on from there.</summary>
    public static void TypeFilters(this Input input, IReadOnlyList<string>? filters, string field)
    {
        if (filters is { Count: 0 })
        {
            input.Refuse("Must not be empty.", field);
        }

        foreach (var (index, filter) in (filters ?? []).Index())
        {
            if (filter.Length > MaxNameLength || !IsName(filter.EndsWith(".*", StringComparison.Ordinal) ? filter[..^2] : filter))
            {
                input.Refuse(NameRule + ", or such a name with .* behind it", field, $"[{index}]", "__all__");
            }
        }
    }

    public static void Metadata(this Input input, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not null && JsonSerializer.SerializeToUtf8Bytes(metadata).Length > MaxMetadataBytes)
        {
            input.Refuse($"Must not exceed {MaxMetadataBytes} bytes.", "metadata", "__all__");
        }
    }

    /// <summary>Why a header may not be set; null when it may.</summary>
    public static string? HeaderFault(string name, string? value)
    {
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            return $"`{name}` is not a header name.";
        }

        if (ForbiddenHeaders.Contains(name) || ForbiddenPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return $"The header `{name}` may not be set.";
        }

        if (value is not null && (Encoding.UTF8.GetByteCount(value) > MaxHeaderValueBytes || value.Any(static c => c is < ' ' or > '~' and not '\t')))
        {
            return $"The value of `{name}` is not allowed.";
        }

        return null;
    }

    /// <summary>The URL as browsers spell it: host in lower case, no default port, at least a slash as its path. Null when it is none.</summary>
    public static string? NormalizeUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0
            ? url.AbsoluteUri
            : null;
}
