using System.Text;
using CsCheck;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Xunit;

namespace Webhooks.Grains.Tests.Matching;

public sealed class RoutingIndexTests
{
    // Names of the contract may begin and end with dots, and have none between others.
    private static readonly Gen<string> s_types = OneOf(
        "sale.completed", "lead.captured", "lead.captured.eu", "lead", "leads.x", "document.viewed", "Sale.Completed", ".", "..", "lead.", "lead..eu", ".lead");

    private static readonly Gen<string> s_wanted = Gen.Select(s_types, Gen.Int[0, 2], static (type, kind) => kind == 0 ? type + ".*" : type);
    private static readonly Gen<string> s_filters = OneOf("""{"n":1}""", """{"n":{"$gte":2}}""", """{"$not":{"n":{"$exists":true}}}""", "not a filter");
    private static readonly Gen<byte[]> s_payloads = OneOf("""{"n":1}""", """{"n":2.50}""", "{}", "no json", "").Select(static text => Encoding.UTF8.GetBytes(text));
    private static readonly Gen<string> s_channels = OneOf("eu", "us", "apac", "EU");

    private static readonly Gen<EndpointDetails[]> s_endpoints = Gen.Select(
            s_wanted.List[1, 4].Null(), s_channels.List[1, 3].Null(), s_filters.Null(), Gen.Bool,
            (types, channels, filter, disabled) => Endpoint(0, types?.Distinct().ToArray(), channels?.Distinct().ToArray(), disabled) with { Filter = filter })
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
    [InlineData("b,a.*", null, null, false)]
    public void An_endpoint_receives_a_of_these_channels(string? types, string? wanted, string? channels, bool receives)
    {
        var endpoint = new EndpointMatcher(Endpoint(1, Split(types), Split(wanted), false));

        Assert.Equal(receives, endpoint.Matches("a", Split(channels), null));
    }

    [Theory]
    [InlineData("lead.captured", true)]
    [InlineData("lead.captured.eu", true)]
    [InlineData("lead.a", true)]
    [InlineData("lead", false)]
    [InlineData("lead.", false)]
    [InlineData("leads.x", false)]
    [InlineData("Lead.captured", false)]
    [InlineData("a.lead.captured", false)]
    public void A_pattern_takes_whatever_goes_on_after_its_dot(string eventType, bool receives)
    {
        var endpoint = Endpoint(3, ["lead.*"], null, false);

        Assert.Equal(receives, new EndpointMatcher(endpoint).Matches(eventType, null, null));
        Assert.Equal(receives ? [3] : [], RoutingIndex.Of([endpoint]).Match(eventType, null, null));
    }

    [Fact]
    public void An_endpoint_that_names_a_type_and_patterns_that_cover_it_receives_it_once()
    {
        var index = RoutingIndex.Of([Endpoint(2, ["lead.captured", "lead.captured.*", "lead.*"], null, false), Endpoint(1, ["lead.captured.eu"], null, false), Endpoint(3, null, null, false)]);

        Assert.Equal([1, 2, 3], index.Match("lead.captured.eu", null, null));
        Assert.Equal([2, 3], index.Match("lead.captured", null, null));
        Assert.Equal([3], index.Match("lead", null, null));
    }

    [Theory]
    [InlineData("b", null, """{"n":1}""", "event-type")]
    [InlineData("a", "y", """{"n":1}""", "channel")]
    [InlineData("a", "x", """{"n":2}""", "filter")]
    [InlineData("a", "x", null, "filter")]
    [InlineData("a", "x", """{"n":1}""", null)]
    public void The_first_filter_that_refuses_a_message_is_named(string eventType, string? channels, string? payload, string? refusal)
    {
        var endpoint = new EndpointMatcher(Endpoint(1, ["a"], ["x"], false) with { Filter = """{"n":1}""" });

        Assert.Equal(refusal, endpoint.Refusal(eventType, Split(channels), payload is null ? null : Encoding.UTF8.GetBytes(payload)));
    }

    [Fact]
    public void A_filter_that_cannot_be_read_lets_nothing_through()
    {
        var endpoint = Endpoint(1, null, null, false) with { Filter = """{"n":{"$ofANewerVersion":1}}""" };

        Assert.Equal("filter", new EndpointMatcher(endpoint).Refusal("a", null, "{}"u8.ToArray()));
        Assert.Empty(RoutingIndex.Of([endpoint]).Match("a", null, "{}"u8.ToArray()));
    }

    [Fact]
    public void A_disabled_endpoint_stays_a_recipient() =>
        Assert.Equal([7], RoutingIndex.Of([Endpoint(7, null, null, true)]).Match("a", null, null));

    [Fact]
    public void The_index_says_what_a_look_at_each_endpoint_says() =>
        Gen.Select(s_endpoints, s_types, s_channels.List[0, 3].Null(), s_payloads.Array[2], Gen.Int[0, 30]).Sample((endpoints, type, channels, payloads, room) =>
        {
            var matchers = endpoints.Select(e => new EndpointMatcher(e)).ToArray();
            var index = new RoutingIndex(matchers, room);
            // Twice with the first payload: the second answer may come from the cache, and the third must not be another payload's.
            return new[] { payloads[0], payloads[0], payloads[1] }.All(payload =>
                    index.Match(type, channels, payload).SequenceEqual(Naive(endpoints, e => e.Filter, type, channels, payload)))
                && index.MatchAnyPayload(type, channels).SequenceEqual(Naive(endpoints, static _ => null, type, channels, []));
        }, iter: 10_000);

    [Fact]
    public void An_answer_without_channels_is_remembered()
    {
        var index = RoutingIndex.Of([Endpoint(1, null, null, false), Endpoint(2, ["a"], null, false)]);

        Assert.Same(index.Match("a", null, null), index.Match("a", [], null));
        Assert.Same(index.Match("unknown", null, null), index.Match("another", null, null));
    }

    [Fact]
    public void An_application_without_filters_pays_nothing_for_them()
    {
        var index = RoutingIndex.Of([Endpoint(1, null, null, false), Endpoint(2, ["lead.*"], null, false)]);
        var payload = """{"n":1}"""u8.ToArray();
        index.Match("lead.captured", null, payload);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            index.Match("lead.captured", null, payload);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Whatever_types_are_published_the_cache_grows_with_the_patterns_alone()
    {
        var index = new RoutingIndex([new(Endpoint(1, ["lead.*"], null, false)), new(Endpoint(2, null, null, false))], 3);

        // Room for the pattern's answer and for the one of those without a pattern; each is one, for any number of names.
        Assert.Same(index.Match("lead.a", null, null), index.Match("lead.b.c", null, null));
        Assert.Same(index.Match("x", null, null), index.Match("y", null, null));
    }

    [Fact]
    public void No_more_ordinals_are_remembered_than_there_is_room_for()
    {
        var index = new RoutingIndex(
            [new(Endpoint(1, ["a", "b"], null, false)), new(Endpoint(2, ["a", "b"], null, false)), new(Endpoint(3, ["a"], null, false))], 4);

        Assert.Same(index.Match("a", null, null), index.Match("a", null, null));
        Assert.NotSame(index.Match("b", null, null), index.Match("b", null, null));
        Assert.Equal([1, 2], index.Match("b", null, null));
    }

    /// <summary>What the index must say, by a look at each endpoint and without its parts.</summary>
    private static int[] Naive(EndpointDetails[] endpoints, Func<EndpointDetails, string?> filter, string type, IReadOnlyList<string>? channels, byte[] payload) =>
    [
        .. endpoints
            .Where(e => e.EventTypes is null || e.EventTypes.Any(wanted => wanted.EndsWith(".*", StringComparison.Ordinal) && wanted.Length > 2
                ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) && type.Length > wanted.Length - 1
                : type == wanted))
            .Where(e => new EndpointMatcher(e with { EventTypes = null, Filter = filter(e) }).Matches(type, channels, payload))
            .Select(static e => e.Ordinal)
            .Order(),
    ];

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
