using CsCheck;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Xunit;

namespace Webhooks.Grains.Tests.Matching;

public sealed class RoutingIndexTests
{
    private static readonly Gen<string> s_types = OneOf("sale.completed", "lead.captured", "document.viewed", "Sale.Completed");
    private static readonly Gen<string> s_channels = OneOf("eu", "us", "apac", "EU");

    private static readonly Gen<EndpointDetails[]> s_endpoints = Gen.Select(
            s_types.List[1, 3].Null(), s_channels.List[1, 3].Null(), Gen.Bool,
            (types, channels, disabled) => Endpoint(0, types?.Distinct().ToArray(), channels?.Distinct().ToArray(), disabled))
        .Array[0, 20]
        .SelectMany(endpoints => Gen.Shuffle(Enumerable.Range(1, 40).ToArray()), (endpoints, ordinals) =>
            endpoints.Select((e, i) => e with { Ordinal = ordinals[i] }).ToArray());

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("a", null, null, true)]
    [InlineData("b", null, null, false)]
    [InlineData("a,b", null, null, true)]
    [InlineData("A", null, null, false)]
    [InlineData(null, "x", null, false)]
    [InlineData(null, "x", "", false)]
    [InlineData(null, "x", "x", true)]
    [InlineData(null, "x,y", "z,y", true)]
    [InlineData(null, "x", "y", false)]
    [InlineData(null, null, "x", true)]
    [InlineData("b", "x", "x", false)]
    [InlineData("a", "x", "y", false)]
    [InlineData("a", "x", "x", true)]
    public void An_endpoint_receives_a_of_these_channels(string? types, string? wanted, string? channels, bool receives)
    {
        var endpoint = new EndpointMatcher(Endpoint(1, Split(types), Split(wanted), false));

        Assert.Equal(receives, endpoint.Matches("a", Split(channels)));
    }

    [Fact]
    public void A_disabled_endpoint_stays_a_recipient() =>
        Assert.Equal([7], RoutingIndex.Of([Endpoint(7, null, null, true)]).Match("a", null));

    [Fact]
    public void The_index_says_what_a_look_at_each_endpoint_says() =>
        Gen.Select(s_endpoints, s_types, s_channels.List[0, 3].Null(), Gen.Int[0, 30]).Sample((endpoints, type, channels, room) =>
        {
            var matchers = endpoints.Select(e => new EndpointMatcher(e)).ToArray();
            var expected = matchers.Where(m => m.Matches(type, channels)).Select(m => m.Ordinal).Order().ToArray();
            var index = new RoutingIndex(matchers, room);
            // Twice: the second answer may come from the cache.
            return index.Match(type, channels).SequenceEqual(expected) && index.Match(type, channels).SequenceEqual(expected);
        }, iter: 5000);

    [Fact]
    public void An_answer_without_channels_is_remembered()
    {
        var index = RoutingIndex.Of([Endpoint(1, null, null, false), Endpoint(2, ["a"], null, false)]);

        Assert.Same(index.Match("a", null), index.Match("a", []));
        Assert.Same(index.Match("unknown", null), index.Match("another", null));
    }

    [Fact]
    public void No_more_ordinals_are_remembered_than_there_is_room_for()
    {
        var index = new RoutingIndex(
            [new(Endpoint(1, ["a", "b"], null, false)), new(Endpoint(2, ["a", "b"], null, false)), new(Endpoint(3, ["a"], null, false))], 4);

        Assert.Same(index.Match("a", null), index.Match("a", null));
        Assert.NotSame(index.Match("b", null), index.Match("b", null));
        Assert.Equal([1, 2], index.Match("b", null));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string[]? Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static EndpointDetails Endpoint(int ordinal, string[]? types, string[]? channels, bool disabled) => new()
    {
        Id = "ep_",
        ApplicationId = "app_",
        Ordinal = ordinal,
        Url = "https://example.com/",
        EventTypes = types,
        Channels = channels,
        Disabled = disabled,
        Secrets = [],
        CreatedAt = default,
        UpdatedAt = default,
    };
}
