using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webhooks.Grains.Sending;

/// <summary>Where deliveries may go. Pure: it neither resolves nor connects.</summary>
internal sealed class EgressPolicy
{
    private readonly bool _allowHttp;
    private readonly IPNetwork[] _allowed;

    /// <exception cref="FormatException">A subnet is not in CIDR form.</exception>
    public EgressPolicy(EgressOptions options)
    {
        _allowHttp = options.AllowHttp;
        _allowed = [.. options.AllowedSubnets.Select(static text =>
            TryParseSubnet(text, out var network) ? network : throw new FormatException($"'{text}' is not a subnet in CIDR form."))];
    }

    /// <summary>Why nothing is sent to <paramref name="url"/> whatever its host resolves to; null when its address decides.</summary>
    public string? RefuseUrl(Uri url) =>
        !url.IsAbsoluteUri ? "the URL is not absolute"
        : url.Scheme == Uri.UriSchemeHttps ? null
        : url.Scheme != Uri.UriSchemeHttp ? $"only https is allowed, not {url.Scheme}"
        : _allowHttp ? null
        : "only https is allowed, not http";

    /// <summary>The class for which nothing is sent to <paramref name="address"/>; null when it is allowed.</summary>
    public string? RefuseAddress(IPAddress address)
    {
        var effective = AddressClasses.Effective(address);
        return AddressClasses.NotPublic(effective) is { } name && !IsListed(effective) ? name : null;
    }

    /// <summary>Reads <c>address/length</c> or a single address; bits beyond the length must be zero.</summary>
    public static bool TryParseSubnet(string? text, out IPNetwork network)
    {
        network = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseCanonical(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = longest;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > longest))
        {
            return false;
        }

        network = new IPNetwork(address, length);
        return network.BaseAddress.Equals(address);
    }

    // The framework also reads 10.1 and 0x0a.1 as addresses: in a list of what is allowed such a text is a slip.
    // Mapped addresses are judged by the address they embed, so a subnet of them would never match.
    private static bool TryParseCanonical(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : !address.IsIPv4MappedToIPv6 && !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal));

    private bool IsListed(IPAddress effective)
    {
        foreach (var network in _allowed)
        {
            if (network.Contains(effective))
            {
                return true;
            }
        }

        return false;
    }
}
