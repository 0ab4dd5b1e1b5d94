using System.Text;
using System.Text.Json;
using CsCheck;
using Webhooks.Grains.Matching;
using Xunit;

namespace Webhooks.Grains.Tests.Matching;

/// <summary>Filters as docs/filters.md has them.</summary>
public sealed class PayloadFilterTests
{
    private const string Sale = """
        {
          "total": 1200.50, "paid": true, "note": null, "country": "DE", "at": "2026-03-01T12:00:00Z", "a.b": "dotted", "$ref": 7,
          "tags": ["vip", "eu", 3],
          "buyer": {"name": "Ada Lovelace", "address": {"zip": "10115"}},
          "items": [{"sku": "A-1", "price": 10}, {"sku": "B-2", "price": 99.99}, {"sku": "C-3"}]
        }
        """;

    [Theory]
    // Bare values and $eq, kind by kind.
    [InlineData("""{"country":"DE"}""", true)]
    [InlineData("""{"country":"de"}""", false)]
    [InlineData("""{"country":{"$eq":"DE"}}""", true)]
    [InlineData("""{"total":1200.5}""", true)]
    [InlineData("""{"total":1.2005e3}""", true)]
    [InlineData("""{"total":"1200.5"}""", false)]
    [InlineData("""{"paid":true}""", true)]
    [InlineData("""{"paid":false}""", false)]
    [InlineData("""{"paid":1}""", false)]
    [InlineData("""{"note":null}""", true)]
    [InlineData("""{"missing":null}""", false)]
    [InlineData("""{"tags":"vip"}""", false)]
    [InlineData("""{"country":{"$ne":"FR"}}""", true)]
    [InlineData("""{"country":{"$ne":"DE"}}""", false)]
    // Order: numbers by numbers, strings by strings.
    [InlineData("""{"total":{"$gt":1200.5}}""", false)]
    [InlineData("""{"total":{"$gte":1200.5}}""", true)]
    [InlineData("""{"total":{"$lt":1200.51}}""", true)]
    [InlineData("""{"total":{"$lte":1200}}""", false)]
    [InlineData("""{"total":{"$gt":"1"}}""", false)]
    [InlineData("""{"at":{"$gte":"2026-03-01","$lt":"2026-03-02"}}""", true)]
    [InlineData("""{"paid":{"$gt":0}}""", false)]
    // Lists of values.
    [InlineData("""{"country":{"$in":["FR","DE"]}}""", true)]
    [InlineData("""{"country":{"$in":["FR",null,1]}}""", false)]
    [InlineData("""{"total":{"$in":["x",1200.50]}}""", true)]
    [InlineData("""{"country":{"$nin":["FR"]}}""", true)]
    [InlineData("""{"country":{"$nin":["DE"]}}""", false)]
    // Parts.
    [InlineData("""{"buyer.name":{"$startsWith":"Ada"}}""", true)]
    [InlineData("""{"buyer.name":{"$startsWith":"ada"}}""", false)]
    [InlineData("""{"buyer.name":{"$endsWith":"lace"}}""", true)]
    [InlineData("""{"buyer.name":{"$contains":"a L"}}""", true)]
    [InlineData("""{"tags":{"$contains":"eu"}}""", true)]
    [InlineData("""{"tags":{"$contains":"e"}}""", false)]
    [InlineData("""{"tags":{"$contains":3.0}}""", true)]
    [InlineData("""{"total":{"$contains":"1"}}""", false)]
    [InlineData("""{"total":{"$startsWith":"1"}}""", false)]
    // Paths.
    [InlineData("""{"buyer.address.zip":"10115"}""", true)]
    [InlineData("""{"items[0].sku":"A-1"}""", true)]
    [InlineData("""{"items[1].sku":"A-1"}""", false)]
    [InlineData("""{"items[9].sku":{"$exists":true}}""", false)]
    [InlineData("""{"items[*].sku":"B-2"}""", true)]
    [InlineData("""{"items[*].price":{"$gt":99.98}}""", true)]
    [InlineData("""{"items[*].price":{"$gt":100}}""", false)]
    [InlineData("""{"items[*].sku":{"$ne":"B-2"}}""", false)]
    [InlineData("""{"items[*].sku":{"$ne":"Z"}}""", true)]
    [InlineData("""{"tags[*]":{"$in":["eu"]}}""", true)]
    [InlineData("""{"['a.b']":"dotted"}""", true)]
    [InlineData("""{"['$ref']":7}""", true)]
    [InlineData("""{"buyer['address'].zip":"10115"}""", true)]
    [InlineData("""{"country[0]":"D"}""", false)]
    [InlineData("""{"items.sku":"A-1"}""", false)]
    // Where a path leads nowhere.
    [InlineData("""{"missing.deep":{"$exists":false}}""", true)]
    [InlineData("""{"missing":{"$exists":true}}""", false)]
    [InlineData("""{"note":{"$exists":true}}""", true)]
    [InlineData("""{"missing":{"$ne":1}}""", true)]
    [InlineData("""{"missing":{"$nin":[1]}}""", true)]
    [InlineData("""{"missing":{"$in":[null]}}""", false)]
    [InlineData("""{"missing":{"$lt":1}}""", false)]
    [InlineData("""{"missing":{"$contains":"a"}}""", false)]
    // Together.
    [InlineData("""{"country":"DE","paid":false}""", false)]
    [InlineData("""{"country":"DE","total":{"$gte":1000,"$lt":2000}}""", true)]
    [InlineData("""{"$or":[{"country":"FR"},{"paid":true}]}""", true)]
    [InlineData("""{"$or":[{"country":"FR"},{"paid":false}]}""", false)]
    [InlineData("""{"$and":[{"country":"DE"},{"country":{"$ne":"FR"}}]}""", true)]
    [InlineData("""{"$not":{"country":"DE","paid":false}}""", true)]
    [InlineData("""{"$not":{"missing":1}}""", true)]
    [InlineData("""{"country":"DE","$or":[{"$not":{"paid":true}},{"$and":[{"total":{"$gt":1}}]}]}""", true)]
    public void A_filter_lets_the_sale_through(string filter, bool passes) => Assert.Equal(passes, Passes(filter, Sale));

    [Theory]
    [InlineData("0.1", "0.10", true)]
    [InlineData("0.30000000000000001", "0.3", false)]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950334", false)]
    [InlineData("1e400", "2e400", true)]
    [InlineData("1e30", "1000000000000000000000000000000", true)]
    [InlineData("-0", "0", true)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    public void Numbers_are_compared_as_decimals_where_these_can_hold_them(string payload, string filter, bool equal) =>
        Assert.Equal(equal, Passes($$"""{"n":{{filter}}}""", $$"""{"n":{{payload}}}"""));

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("{")]
    [InlineData("\u00EF\u00BB\u00BF{}")]
    public void In_a_payload_that_is_no_json_every_path_leads_nowhere(string payload)
    {
        Assert.False(Passes("""{"a":{"$exists":true}}""", payload));
        Assert.True(Passes("""{"a":{"$exists":false},"b":{"$ne":1},"$not":{"c":1}}""", payload));
        Assert.False(Passes("""{"a":1}""", payload));
    }

    [Theory]
    [InlineData("""[{"a":1}]""", """{"[0].a":1}""")]
    [InlineData("""[[1],[2]]""", """{"[*][0]":2}""")]
    public void A_payload_may_be_a_list(string payload, string filter) => Assert.True(Passes(filter, payload));

    [Theory]
    [InlineData("""{"\ud800":1,"a":1}""")]
    [InlineData("""{"a":1,"b":"\ud800"}""")]
    [InlineData("""{"\ud800\u0061":1,"a":1}""")]
    public void Text_that_is_no_unicode_equals_nothing_and_harms_nothing(string payload)
    {
        Assert.True(Passes("""{"a":1}""", payload));
        Assert.True(Passes("""{"b":{"$ne":"x"},"c":{"$ne":1}}""", payload));
        Assert.False(Passes("""{"b":{"$startsWith":"x"}}""", payload));
    }

    [Fact]
    public void Of_a_name_that_stands_twice_the_last_counts() => Assert.True(Passes("""{"a":2}""", """{"a":1,"a":2}"""));

    [Theory]
    [InlineData("[]", "A filter must be an object with at least one condition.")]
    [InlineData("{}", "A filter must be an object with at least one condition.")]
    [InlineData("null", "A filter must be an object with at least one condition.")]
    [InlineData("""{"a":{}}""", "`a`: an operator is missing.")]
    [InlineData("""{"a":[1]}""", "`a`: $eq takes a string, a number, true, false or null.")]
    [InlineData("""{"a":{"b":1}}""", "`a`: `b` is no operator")]
    [InlineData("""{"a":{"$regex":"x"}}""", "`a`: `$regex` is no operator")]
    [InlineData("""{"a":{"$eq":{}}}""", "`a`: $eq takes a string")]
    [InlineData("""{"a":{"$gt":true}}""", "`a`: $gt takes a number or a string.")]
    [InlineData("""{"a":{"$in":[]}}""", "`a`: $in takes a list")]
    [InlineData("""{"a":{"$in":[[1]]}}""", "`a`: $in takes a list")]
    [InlineData("""{"a":{"$nin":1}}""", "`a`: $nin takes a list")]
    [InlineData("""{"a":{"$exists":1}}""", "`a`: $exists takes true or false.")]
    [InlineData("""{"a":{"$startsWith":""}}""", "`a`: $startsWith takes a string that is not empty.")]
    [InlineData("""{"a":{"$endsWith":1}}""", "`a`: $endsWith takes a string")]
    [InlineData("""{"a":{"$contains":[]}}""", "`a`: $contains takes a string, a number")]
    [InlineData("""{"a":{"$gt":1,"$gt":2}}""", "`a`: $gt stands there twice.")]
    [InlineData("""{"a":1,"a":2}""", "`a` stands twice in one object")]
    [InlineData("""{"$and":[]}""", "$and must be a list with at least one filter.")]
    [InlineData("""{"$or":{"a":1}}""", "$or must be a list with at least one filter.")]
    [InlineData("""{"$or":[{"a":1},2]}""", "$or[1] must be an object with at least one condition.")]
    [InlineData("""{"$not":[]}""", "$not must be an object with at least one condition.")]
    [InlineData("""{"$xor":[]}""", "`$xor` is no operator here")]
    [InlineData("""{"":1}""", "``: a path needs a name")]
    [InlineData("""{"a..b":1}""", "`a..b`: a path needs a name")]
    [InlineData("""{"a.":1}""", "`a.`: a path needs a name")]
    [InlineData("""{".a":1}""", "`.a`: a path needs a name")]
    [InlineData("""{"a[":1}""", "`a[`: brackets hold")]
    [InlineData("""{"a[-1]":1}""", "`a[-1]`: brackets hold")]
    [InlineData("""{"a[x]":1}""", "`a[x]`: brackets hold")]
    [InlineData("""{"a['x":1}""", "`a['x`: brackets hold")]
    [InlineData("""{"a[0]b":1}""", "`a[0]b`: a dot or a bracket must follow")]
    [InlineData("""{"a":"\ud800"}""", "not valid Unicode")]
    [InlineData("""{"\ud800":1}""", "not valid Unicode")]
    public void What_is_no_filter_is_refused_with_its_place(string filter, string fault)
    {
        using var document = JsonDocument.Parse(filter);

        Assert.StartsWith(fault, Assert.IsType<string>(PayloadFilter.Fault(document.RootElement)).Replace("A name or text of the filter is ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(PayloadFilter.TryParse(filter, out _));
    }

    [Fact]
    public void Filters_have_limits_of_size_conditions_depth_and_steps()
    {
        AssertLimit(n => "{" + string.Join(',', Enumerable.Range(0, n).Select(static i => $"\"a{i}\":1")) + "}", PayloadFilterReader.MaxConditions, "at most 64 conditions");
        AssertLimit(static n => string.Concat(Enumerable.Repeat("{\"$not\":", n)) + "{\"a\":1}" + new string('}', n), PayloadFilterReader.MaxDepth, "deeper than 8 levels");
        AssertLimit(static n => "{\"" + string.Join('.', Enumerable.Repeat("a", n)) + "\":1}", PayloadPath.MaxSteps, "at most 32 steps");
        AssertLimit(static n => "{\"a\":\"" + new string('x', n - 8) + "\"}", PayloadFilterReader.MaxBytes, "at most 8192 bytes");
    }

    [Fact]
    public void Negated_operators_and_not_say_the_opposite_of_the_plain_ones() =>
        Gen.Select(s_paths, s_scalars, s_payloads).Sample(static (path, scalar, payload) =>
            Passes(One(path, "$ne", scalar), payload) != Passes(One(path, "$eq", scalar), payload)
            && Passes("{\"$not\":" + One(path, "$gte", Bound(scalar)) + "}", payload) != Passes(One(path, "$gte", Bound(scalar)), payload)
            && Passes(One(path, "$nin", $"[{scalar},0]"), payload) == Passes($"{{\"$and\":[{One(path, "$ne", scalar)},{One(path, "$ne", "0")}]}}", payload), iter: 5000);

    private static readonly Gen<string> s_paths = OneOf("a", "a.b", "a[0]", "a[*]", "a[*].b", "b");
    private static readonly Gen<string> s_scalars = OneOf("1", "1.0", "2", "\"x\"", "\"1\"", "true", "null");
    private static readonly Gen<string> s_payloads = OneOf(
        "{}", "", "[]", """{"a":1}""", """{"a":"x"}""", """{"a":null}""", """{"a":[1,"x",{"b":2}]}""", """{"a":{"b":1}}""", """{"a":[{"b":"1"},{"b":true}],"b":1.00}""");

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string One(string path, string name, string operand) => $"{{\"{path}\":{{\"{name}\":{operand}}}}}";

    private static string Bound(string scalar) => scalar is "true" or "null" ? "1" : scalar;

    private static void AssertLimit(Func<int, string> make, int limit, string fault)
    {
        Assert.True(PayloadFilter.TryParse(make(limit), out _), fault);
        using var document = JsonDocument.Parse(make(limit + 1));
        Assert.Contains(fault, PayloadFilter.Fault(document.RootElement), StringComparison.Ordinal);
    }

    private static bool Passes(string filter, string payload)
    {
        Assert.True(PayloadFilter.TryParse(filter, out var parsed), filter);
        using var message = new MessagePayload(Encoding.Latin1.GetBytes(payload));
        return parsed.Matches(message.Root);
    }
}
