using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Webhooks.Gateway.Api.OpenApi.Operations;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>The OpenAPI document: complete, true to the routes, as checked in.</summary>
public sealed partial class OpenApiTests(ApiFixture fixture)
{
    private const string Write = "WEBHOOKS_WRITE_OPENAPI";
    private static readonly TimeSpan LintPatience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Both_addresses_give_the_same_document_to_anybody()
    {
        using var nobody = fixture.With(null);
        var first = (await nobody.Get("~/openapi/v1.json")).Expect(200);
        Assert.Equal(first.Text, (await nobody.Get("/openapi.json")).Expect(200).Text);
        Assert.StartsWith("3.1.", first["openapi"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_is_the_one_that_is_checked_in()
    {
        using var nobody = fixture.With(null);
        var live = (await nobody.Get("~/openapi/v1.json")).Expect(200).Text;
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            await File.WriteAllTextAsync(RepositoryFiles.OpenApi, live, TestContext.Current.CancellationToken);
        }

        var kept = await File.ReadAllTextAsync(RepositoryFiles.OpenApi, TestContext.Current.CancellationToken);
        var difference = kept.Split('\n').Zip(live.Split('\n')).Index().FirstOrDefault(static line => line.Item.First != line.Item.Second);
        Assert.True(kept == live, $"""
            The API is described otherwise than in docs/openapi.json, first in line {difference.Index + 1}:
              checked in: {difference.Item.First}
              live:       {difference.Item.Second}
            If that is meant, run this test with {Write}=1, look at `git diff docs/openapi.json` as a client would, and commit it.
            """);
    }

    [Fact]
    public void Every_route_of_the_API_is_described_or_known_as_hidden()
    {
        var undescribed = MappedRoutes()
            .Where(static r => r.Route.TrimStart('/').StartsWith("api/v1", StringComparison.Ordinal))
            .Where(static r => OperationCatalog.Find(r.Method, r.Route) is null && !OperationCatalog.Hidden.Contains(OperationCatalog.Key(r.Method, r.Route)));
        Assert.Empty(undescribed);
    }

    [Fact]
    public async Task Every_operation_of_the_document_is_mapped_and_none_is_hidden()
    {
        var mapped = MappedRoutes().Select(static r => r.Method + " /" + r.Route.Trim('/')).ToHashSet(StringComparer.Ordinal);
        foreach (var (method, path, _) in await OperationsAsync())
        {
            Assert.Contains(method + " " + path, mapped);
            Assert.DoesNotContain(OperationCatalog.Key(method, path), OperationCatalog.Hidden);
        }
    }

    [Fact]
    public async Task Every_operation_tells_what_it_does_what_it_answers_and_why_it_refuses()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (method, path, operation) in await OperationsAsync())
        {
            var name = method + " " + path;
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), name);
            Assert.All(["summary", "description"], text => Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty(text).GetString()), name));
            Assert.Equal(1, operation.GetProperty("tags").GetArrayLength());
            var parameters = operation.TryGetProperty("parameters", out var some) ? some.EnumerateArray().ToArray() : [];
            Assert.All(parameters, p => Assert.False(string.IsNullOrWhiteSpace(p.GetProperty("description").GetString()), name));
            if (method == "POST")
            {
                Assert.Contains(parameters, static p => p.GetProperty("name").GetString() == "idempotency-key");
            }

            var answers = operation.GetProperty("responses").EnumerateObject().ToArray();
            var successes = answers.Where(static a => a.Name[0] == '2').ToArray();
            Assert.NotEmpty(successes);
            var shown = successes.Select(static a => a.Value).Append(operation.TryGetProperty("requestBody", out var body) ? body : default)
                .Where(static p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("content", out _))
                .SelectMany(static p => p.GetProperty("content").EnumerateObject());
            Assert.All(shown, content => Assert.True(content.Value.TryGetProperty("schema", out var schema) && (content.Value.TryGetProperty("example", out _) || IsEmpty(schema)), name));
            if (!operation.TryGetProperty("security", out _))
            {
                Assert.All(["400", "401", "503"], status => Assert.Contains(answers, a => a.Name == status));
            }

            if (body.ValueKind == JsonValueKind.Object)
            {
                Assert.All(["413", "422"], status => Assert.Contains(answers, a => a.Name == status));
            }
        }
    }

    [Fact]
    public async Task The_console_needs_no_token_and_nothing_from_elsewhere()
    {
        using var nobody = fixture.With(null);
        foreach (var address in new[] { "~/docs", "~/docs/" })
        {
            var start = (await nobody.Get(address)).Expect(302).Headers.Location!.ToString();
            var page = (await nobody.Get("~" + start)).Expect(200).Text;
            Assert.StartsWith("<!doctype html>", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(ForeignHost(), page);
            Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
            var sources = Source().Matches(page).Select(static m => m.Groups["path"].Value).ToArray();
            Assert.NotEmpty(sources);
            foreach (var source in sources)
            {
                (await nobody.Get("~" + new Uri(new Uri(fixture.Address, start), source).AbsolutePath)).Expect(200);
            }
        }
    }

    [Fact]
    public async Task The_linter_finds_nothing()
    {
        var linter = Path.Combine(RepositoryFiles.NodeFolder, "node_modules", ".bin", "redocly");
        Assert.True(File.Exists(linter), $"Run npm ci in {RepositoryFiles.NodeFolder} first.");
        await using var lint = ChildProcess.Start(
            "node",
            [linter, "lint", "--format=json", "--config", Path.Combine(RepositoryFiles.NodeFolder, "redocly.yaml"), RepositoryFiles.OpenApi],
            new Dictionary<string, string?> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" });
        var status = await lint.WaitForExitAsync(LintPatience, TestContext.Current.CancellationToken);
        Assert.True(status == 0, lint.StandardOutput + lint.StandardError);
        using var report = JsonDocument.Parse(lint.StandardOutput);
        var totals = report.RootElement.GetProperty("totals");
        Assert.True(totals.GetProperty("errors").GetInt32() == 0 && totals.GetProperty("warnings").GetInt32() == 0, lint.StandardOutput);
    }

    /// <summary>The document's writer leaves out an example that is an empty object.</summary>
    private static bool IsEmpty(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) && reference.GetString() == "#/components/schemas/EmptyOut";

    private async Task<List<(string Method, string Path, JsonElement Operation)>> OperationsAsync()
    {
        using var nobody = fixture.With(null);
        return
        [
            .. (await nobody.Get("~/openapi/v1.json")).Expect(200).Json.GetProperty("paths").EnumerateObject()
                .SelectMany(static path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name, operation.Value))),
        ];
    }

    /// <summary>What a gateway maps; it need not run for that.</summary>
    internal static List<(string Method, string Route)> MappedRoutes()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-routes");
        try
        {
            var builder = WebApplication.CreateBuilder();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Webhooks:DataDirectory"] = folder.FullName,
                ["Webhooks:Auth:JwtSecret"] = TestTokens.Secret,
            });
            builder.Logging.ClearProviders();
            builder.AddGateway();
            IEndpointRouteBuilder routes = builder.Build().UseGateway();
            return
            [
                .. routes.DataSources.SelectMany(static s => s.Endpoints).OfType<RouteEndpoint>()
                    .SelectMany(static e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, e.RoutePattern.RawText!))),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"(src|href|url|from)\s*[=:(]?\s*[""'(]?\s*(https?:)?//", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ForeignHost();

    [GeneratedRegex(@"src=""(?<path>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
