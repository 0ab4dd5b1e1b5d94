using System.Net;
using System.Net.Sockets;

namespace Webhooks.Grains.Sending;

/// <summary>Which addresses are not public, and what they are, after the special-purpose registries of IANA.</summary>
internal static class AddressClasses
{
    private static readonly (IPNetwork Network, string Class)[] s_ipv4 = Table(
    [
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignment"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        // Public by its number, but answered by the host's own platform on Azure, with the machine's credentials.
        ("168.63.129.16/32", "cloud platform"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    ]);

    private static readonly (IPNetwork Network, string Class)[] s_ipv6 = Table(
    [
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmark"),
        ("2001:10::/28", "ORCHID"),
        ("2001:20::/28", "ORCHID"),
        ("2001::/23", "protocol assignment"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    ]);

    // Whatever of IPv6 is not named above and not in here was never given out.
    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>
    /// The address that decides: the embedded one of an IPv4-mapped or NAT64 address, which is where its packets go;
    /// otherwise the address itself, without zone.
    /// </summary>
    public static IPAddress Effective(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var bare = address.ScopeId == 0 ? address : new IPAddress(bytes);
        return bare.IsIPv4MappedToIPv6 || s_nat64.Contains(bare) ? new IPAddress(bytes[12..]) : bare;
    }

    /// <summary>What kind of address that is not public <paramref name="effective"/> is; null for a public one.</summary>
    public static string? NotPublic(IPAddress effective)
    {
        var isIpv4 = effective.AddressFamily == AddressFamily.InterNetwork;
        foreach (var (network, name) in isIpv4 ? s_ipv4 : s_ipv6)
        {
            if (network.Contains(effective))
            {
                return name;
            }
        }

        return isIpv4 || s_globalUnicast.Contains(effective) ? null : "reserved";
    }

    private static (IPNetwork, string)[] Table((string Cidr, string Class)[] rows) =>
        Array.ConvertAll(rows, static row => (IPNetwork.Parse(row.Cidr), row.Class));
}
