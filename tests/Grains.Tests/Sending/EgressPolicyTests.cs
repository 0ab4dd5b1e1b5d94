using System.Net;
using Webhooks.Grains.Sending;
using Xunit;

namespace Webhooks.Grains.Tests.Sending;

public sealed class EgressPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("0.255.255.255", "this network")]
    [InlineData("10.0.0.0", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("100.64.0.0", "carrier-grade NAT")]
    [InlineData("100.127.255.255", "carrier-grade NAT")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("168.63.129.16", "cloud platform")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("172.16.0.0", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.8", "protocol assignment")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("192.88.99.1", "6to4 relay")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("198.18.0.0", "benchmark")]
    [InlineData("198.19.255.255", "benchmark")]
    [InlineData("198.51.100.7", "documentation")]
    [InlineData("203.0.113.7", "documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "broadcast")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::8.8.8.8", "IPv4-compatible")]
    [InlineData("::127.0.0.1", "IPv4-compatible")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("::ffff:0:8.8.8.8", "IPv4-translated")]
    [InlineData("64:ff9b::10.0.0.1", "private")]
    [InlineData("64:ff9b::169.254.169.254", "link-local")]
    [InlineData("64:ff9b:1::8.8.8.8", "local NAT64")]
    [InlineData("100::1", "discard")]
    [InlineData("2001::1", "Teredo")]
    [InlineData("2001:2::1", "benchmark")]
    [InlineData("2001:10::1", "ORCHID")]
    [InlineData("2001:2f:ffff::1", "ORCHID")]
    [InlineData("2001:1ff::1", "protocol assignment")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("2002:7f00:1::", "6to4")]
    [InlineData("3fff:fff::1", "documentation")]
    [InlineData("5f00::1", "segment routing")]
    [InlineData("4000::1", "reserved")]
    [InlineData("fd00:ec2::254", "unique local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%3", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    public void An_address_that_is_not_public_is_refused_as_what_it_is(string address, string name) =>
        Assert.Equal(name, new EgressPolicy(new EgressOptions()).RefuseAddress(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.17")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2003::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("3fff:1000::1")]
    public void A_public_address_is_allowed(string address) =>
        Assert.Null(new EgressPolicy(new EgressOptions()).RefuseAddress(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", null)]
    [InlineData("10.1.0.0/16", "10.2.0.0", "private")]
    [InlineData("10.1.2.3", "10.1.2.3", null)]
    [InlineData("10.1.2.3", "10.1.2.4", "private")]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", null)]
    [InlineData("10.1.0.0/16", "64:ff9b::10.1.2.3", null)]
    [InlineData("fd00::/8", "fd12:3456::1", null)]
    [InlineData("fe80::/10", "fe80::1%3", null)]
    [InlineData("::1", "::1", null)]
    [InlineData("::/0", "127.0.0.1", "loopback")]
    [InlineData("0.0.0.0/0", "::1", "loopback")]
    public void A_listed_subnet_is_allowed_and_nothing_beside_it(string subnet, string address, string? name) =>
        Assert.Equal(name, new EgressPolicy(new EgressOptions { AllowedSubnets = [subnet] }).RefuseAddress(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[0:0:0:0:0:ffff:127.0.0.1]/")]
    public void A_loopback_address_is_refused_however_the_url_writes_it(string url) =>
        Assert.Equal("loopback", new EgressPolicy(new EgressOptions()).RefuseAddress(IPAddress.Parse(new Uri(url).IdnHost)));

    [Fact]
    public void An_address_with_a_zone_is_refused_in_a_url_too() =>
        Assert.Equal("link-local", new EgressPolicy(new EgressOptions()).RefuseAddress(IPAddress.Parse(new Uri("https://[fe80::1%25eth0]/").DnsSafeHost)));

    [Theory]
    [InlineData("https://example.com/", false, true)]
    [InlineData("https://example.com/", true, true)]
    [InlineData("http://example.com/", false, false)]
    [InlineData("http://example.com/", true, true)]
    [InlineData("ftp://example.com/", true, false)]
    [InlineData("file:///etc/passwd", true, false)]
    [InlineData("/relative", true, false)]
    public void Only_https_is_allowed_and_http_where_the_operator_says_so(string url, bool allowHttp, bool isAllowed) =>
        Assert.Equal(isAllowed, new EgressPolicy(new EgressOptions { AllowHttp = allowHttp }).RefuseUrl(new Uri(url, url[0] == '/' ? UriKind.Relative : UriKind.Absolute)) is null);

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0/16")]
    [InlineData("10")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("fd00::1/8")]
    [InlineData("fd00::/129")]
    [InlineData("[fd00::]/8")]
    [InlineData("fe80::%3/10")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("example.com")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_that_is_no_subnet_is_refused(string? text)
    {
        Assert.False(EgressPolicy.TryParseSubnet(text, out _));
        Assert.Throws<FormatException>(() => new EgressPolicy(new EgressOptions { AllowedSubnets = [text!] }));
    }
}
