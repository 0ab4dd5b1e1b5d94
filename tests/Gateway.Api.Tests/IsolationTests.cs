using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Webhooks.Gateway.Api.OpenApi.Operations;
using Webhooks.Tests.Shared;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>
/// Everything of one organization, tried with the tokens of another on every route that takes an id, and with the token
/// of another application: refused, and nothing has changed.
/// </summary>
public sealed partial class IsolationTests(ApiFixture fixture, IsolationTests.Owned owned) : IClassFixture<IsolationTests.Owned>
{
    // A PUT at an unknown id or name creates: something of the caller's own.
    private static readonly string[] Creating = ["PUT /api/v1/app/{}", "PUT /api/v1/event-type/{}"];

    public static TheoryData<string, string> Routes { get; } = [.. OpenApiTests.MappedRoutes()
        .Select(static r => (r.Method, Route: "/" + r.Route.Trim('/')))
        .Where(static r => r.Route.StartsWith("/api/v1/", StringComparison.Ordinal) && r.Route.Contains('{', StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Another_organization_gets_nothing(string method, string route)
    {
        var theirs = await owned.GetAsync(fixture);
        using var stranger = fixture.NewOrganization();
        var before = await theirs.SnapshotAsync();
        foreach (var byUid in new[] { false, true })
        {
            var answer = await TryAsync(stranger, method, Fill(route, theirs, theirs.App, byUid));
            Assert.True(answer.Status is 403 or 404 || (Creating.Contains(OperationCatalog.Key(method, route)) && answer.Status is (200 or 201)), $"{answer.Status}: {answer.Text}");
            AssertNothingLeaked(answer, theirs);
        }

        Assert.Equal(before, await theirs.SnapshotAsync());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Ids_of_another_organization_are_unknown_below_an_application_of_ones_own(string method, string route)
    {
        if (!route.Contains("{app}/", StringComparison.Ordinal) || Parameter().Count(route) == 1)
        {
            return;
        }

        var theirs = await owned.GetAsync(fixture);
        using var stranger = fixture.NewOrganization();
        var own = await stranger.NewApplication();
        var before = await theirs.SnapshotAsync();
        foreach (var byUid in new[] { false, true })
        {
            var answer = await TryAsync(stranger, method, Fill(route, theirs, own, byUid));
            // A PUT at an unknown endpoint creates one, of the caller's own.
            Assert.True(answer.Status == 404 || (method == "PUT" && answer.Status is 201 or 422), $"{answer.Status}: {answer.Text}");
            AssertNothingLeaked(answer, theirs);
        }

        Assert.Equal(before, await theirs.SnapshotAsync());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_token_of_another_application_gets_nothing(string method, string route)
    {
        if (!route.Contains("{app}", StringComparison.Ordinal))
        {
            return;
        }

        var theirs = await owned.GetAsync(fixture);
        using var neighbour = fixture.With(TestTokens.ForApplication(theirs.Organization, theirs.OtherApp));
        var before = await theirs.SnapshotAsync();
        foreach (var byUid in new[] { false, true })
        {
            var answer = await TryAsync(neighbour, method, Fill(route, theirs, theirs.App, byUid));
            Assert.True(answer.Status is 403 or 404, $"{answer.Status}: {answer.Text}");
            AssertNothingLeaked(answer, theirs);
        }

        Assert.Equal(before, await theirs.SnapshotAsync());
    }

    [Fact]
    public async Task Lists_show_nothing_of_another_organization()
    {
        var theirs = await owned.GetAsync(fixture);
        using var stranger = fixture.NewOrganization();
        foreach (var list in new[] { "/app", "/event-type?include_archived=true" })
        {
            Assert.Empty((await stranger.Get(list)).Items(list[1] == 'a' ? "id" : "name"));
        }

        using var neighbour = fixture.With(TestTokens.ForApplication(theirs.Organization, theirs.OtherApp));
        (await neighbour.Get("/app")).Expect(403);
    }

    private static string Fill(string route, World world, string app, bool byUid) => Parameter().Replace(route, match => match.Value switch
    {
        "{app}" => app == world.App && byUid ? "their-app" : app,
        "{endpoint}" => byUid ? "their-endpoint" : world.Endpoint,
        "{message}" => byUid ? "their-event" : world.Message,
        "{attempt}" => world.Attempt,
        "{name}" => "their.type",
        "{task}" => world.Task,
        _ => throw new InvalidOperationException("An id of which this test knows nothing: " + match.Value),
    });

    /// <summary>Bodies are right, so that only the address can be at fault.</summary>
    private static Task<ApiAnswer> TryAsync(ApiClient client, string method, string address)
    {
        var key = OperationCatalog.Find(method, Generalize(address));
        var example = key?.BodyExample is { } text ? JsonNode.Parse(text)!.AsObject() : [];
        example.Remove("eventTypes");
        example.Remove("uid");
        return client.Send(new HttpMethod(method), "~" + address, method is "GET" or "HEAD" or "DELETE" ? null : Encoding.UTF8.GetBytes(example.ToJsonString()));
    }

    // The catalogue finds an operation by its route; any of the ids above stands where a parameter was.
    private static string Generalize(string address) => "/" + string.Join('/', address.Trim('/').Split('/').Select(static part =>
        part.Contains('_', StringComparison.Ordinal) || part.StartsWith("their", StringComparison.Ordinal) ? "{x}" : part));

    private static void AssertNothingLeaked(ApiAnswer answer, World world) =>
        Assert.All([world.App, world.Endpoint, world.Message, world.Attempt, "their secret"], text => Assert.DoesNotContain(text, answer.Text, StringComparison.Ordinal));

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    /// <summary>What is not theirs to see; made once, since nothing may change it.</summary>
    public sealed class Owned : IDisposable
    {
        private readonly SemaphoreSlim _one = new(1);
        private World? _world;

        internal async Task<World> GetAsync(ApiFixture fixture)
        {
            await _one.WaitAsync();
            try
            {
                return _world ??= await World.MakeAsync(fixture);
            }
            finally
            {
                _one.Release();
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _world?.Owner.Dispose();
            _one.Dispose();
        }
    }

    /// <summary>One of everything.</summary>
    internal sealed record World(ApiClient Owner, string Organization, string App, string OtherApp, string Endpoint, string Message, string Attempt, string Task)
    {
        public static async Task<World> MakeAsync(ApiFixture fixture)
        {
            var owner = fixture.NewOrganization(out var organization);
            var app = await owner.NewApplication(""","uid":"their-app" """);
            var other = await owner.NewApplication();
            (await owner.Post("/event-type", """{"name":"their.type","description":"their secret","schemas":{"1":{"type":"object","examples":[{"a":1}]}}}""")).Expect(201);
            // Nobody listens there: the attempt fails, and is there.
            var endpoint = (await owner.Post($"/app/{app}/endpoint", """{"url":"http://127.0.0.1:9/","uid":"their-endpoint","description":"their secret"}""")).Expect(201)["id"];
            var message = (await owner.Post($"/app/{app}/msg", """{"eventType":"their.type","eventId":"their-event","payload":{"text":"their secret"}}""")).Expect(202)["id"];
            var attempts = Array.Empty<string>();
            await Eventually.TrueAsync(async () => (attempts = (await owner.Get($"/app/{app}/attempt/msg/{message}")).Items("id")).Length == 2, "both attempts failed");
            var task = (await owner.Post($"/app/{app}/endpoint/{endpoint}/recover", """{"since":"2999-01-01T00:00:00Z","until":"2999-01-02T00:00:00Z"}""")).Expect(202)["id"];
            return new World(owner, organization, app, other, endpoint, message, attempts[0], task);
        }

        /// <summary>What the owner sees.</summary>
        public async Task<string> SnapshotAsync()
        {
            string[] addresses =
            [
                $"/app/{App}", $"/app/{App}/endpoint", $"/app/{App}/endpoint/{Endpoint}/headers", $"/app/{App}/endpoint/{Endpoint}/secret",
                $"/app/{App}/msg", $"/app/{App}/attempt/msg/{Message}", "/event-type?with_content=true&include_archived=true", "/app", $"/app/{App}/audit",
            ];
            var texts = new List<string>();
            foreach (var address in addresses)
            {
                texts.Add((await Owner.Get(address)).Expect(200).Text);
            }

            return string.Join('\n', texts);
        }
    }
}
