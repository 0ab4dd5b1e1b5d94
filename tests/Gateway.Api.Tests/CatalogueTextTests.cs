using System.Text.Json;
using Webhooks.Gateway.Api.Portal.EventTypes;
using Webhooks.Gateway.Api.Portal.Models;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>What the editor of event types finds, and what an import would change.</summary>
public sealed class CatalogueTextTests
{
    [Theory]
    [InlineData("", "", null)]
    [InlineData("""{"type":"object"}""", "", null)]
    [InlineData("""{"type":"object"}""", "{}", null)]
    [InlineData("{", "", "The schema is not JSON: line 1, character 2.")]
    [InlineData("""{"readOnly":15}""", "", "The keyword 'readOnly' has a value that JSON Schema draft 7 does not allow.")]
    [InlineData("", "{}", "An example is kept in its schema: write one, {} for any content.")]
    [InlineData("{}", "{\n  \"a\": }", "The example is not JSON: line 2, character 8.")]
    [InlineData("""{"required":["total"]}""", "{}", "The whole: Required properties [\"total\"] are not present")]
    [InlineData("""{"properties":{"a":{"items":{"const":1}}}}""", """{"a":[1,2]}""", "a → 1: Expected \"1\"")]
    public void Schema_and_example_are_judged_in_words(string schema, string example, string? fault)
    {
        var found = ExampleCheck.Of(schema, example);
        Assert.Equal(fault, found.SchemaFault ?? found.ExampleFaults.FirstOrDefault());
        Assert.Equal(fault is null, found.Ok);
    }

    [Fact]
    public void A_schema_that_points_elsewhere_is_refused_and_nothing_is_fetched()
    {
        var found = ExampleCheck.Of("""{"$ref":"http://127.0.0.1:9/schema"}""", "{}");
        Assert.StartsWith("The schema cannot be used", found.SchemaFault, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_are_taken_apart_and_put_together_without_a_loss()
    {
        using var schemas = JsonDocument.Parse("""{"1":{"type":"object","examples":[{"a":1.50},{"a":2}]},"2":{"type":"string"}}""");
        var (schema, example) = SchemaText.Split(schemas.RootElement);
        Assert.DoesNotContain("1.50", schema, StringComparison.Ordinal);
        Assert.Contains("1.50", example, StringComparison.Ordinal);
        using var again = JsonDocument.Parse(SchemaText.Join(schemas.RootElement, schema, example)!.ToJsonString());
        Assert.True(JsonElement.DeepEquals(schemas.RootElement, again.RootElement));

        Assert.Equal(("", ""), SchemaText.Split(null));
        Assert.Null(SchemaText.Join(null, "", ""));
        Assert.Equal("""{"2":{"type":"string"}}""", SchemaText.Join(schemas.RootElement, "", "")!.ToJsonString());
    }

    [Fact]
    public void A_preview_says_what_comes_what_changes_and_what_goes()
    {
        CatalogEntry[] existing = [Entry("same"), Entry("described"), Entry("schema"), Entry("gone"), Entry("back") with { Archived = true }, Entry("away") with { Archived = true }];
        CatalogEntry[] described = [Entry("same"), Entry("described") with { Description = "other" }, Entry("schema", """{"1":{"type":"string"}}"""), Entry("back"), Entry("new")];

        var lines = ImportPreview.Of(described, existing, replaceAll: true);

        Assert.Equal(
            [("same", ImportEffect.Same), ("described", ImportEffect.Changed), ("schema", ImportEffect.Changed), ("back", ImportEffect.Changed), ("new", ImportEffect.New), ("gone", ImportEffect.Archived)],
            lines.Select(static l => (l.Name, l.Effect)));
        Assert.Equal(["Changes: description.", "Changes: schema.", "Changes: comes back from the archive."], lines.Where(static l => l.Effect == ImportEffect.Changed).Select(static l => l.Words));
        Assert.DoesNotContain(ImportPreview.Of(described, existing, replaceAll: false), static l => l.Effect == ImportEffect.Archived);
    }

    private static CatalogEntry Entry(string name, string schemas = """{"1":{"type":"object"}}""") => new() { Name = name, Description = "text", Schemas = JsonDocument.Parse(schemas).RootElement };
}
