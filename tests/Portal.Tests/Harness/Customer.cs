using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Portal.Tests.Harness;

/// <summary>An application of an organization of its own, seen from the organization's side.</summary>
public sealed class Customer
{
    private readonly HttpClient _http;

    private Customer(HttpClient http, string organization)
    {
        _http = http;
        Organization = organization;
    }

    public string Organization { get; }

    /// <summary>The organization's token.</summary>
    public string Token => Tokens.ForOrganization(Organization);

    public string App { get; private set; } = "";

    /// <summary>The portal link, as the API answers it.</summary>
    public Uri Link { get; private set; } = null!;

    /// <summary>The token that the link carries.</summary>
    public string PortalToken { get; private set; } = "";

    public static async Task<Customer> CreateAsync(Uri gateway, string name)
    {
        var organization = "org_" + Guid.NewGuid().ToString("N");
        var http = new HttpClient { BaseAddress = new Uri(gateway, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.ForOrganization(organization));
        var customer = new Customer(http, organization);
        customer.App = (await customer.PostAsync("app", new JsonObject { ["name"] = name }))["id"]!.GetValue<string>();
        var access = await customer.PostAsync($"auth/app-portal-access/{customer.App}", []);
        customer.Link = new Uri(access["url"]!.GetValue<string>());
        customer.PortalToken = access["token"]!.GetValue<string>();
        return customer;
    }

    /// <summary>Another application of the same organization.</summary>
    public async Task<string> NewApplicationAsync(string name) => (await PostAsync("app", new JsonObject { ["name"] = name }))["id"]!.GetValue<string>();

    public async Task<string> NewEndpointAsync(Uri url, JsonObject? more = null)
    {
        var body = more ?? [];
        body["url"] = url.AbsoluteUri;
        return (await PostAsync($"app/{App}/endpoint", body))["id"]!.GetValue<string>();
    }

    public Task NewEventTypeAsync(string name, string description, string? group, JsonObject? schema = null) => PostAsync("event-type", new JsonObject
    {
        ["name"] = name,
        ["description"] = description,
        ["groupName"] = group,
        ["schemas"] = schema is null ? null : new JsonObject { ["1"] = schema },
    });

    /// <summary>Publishes and returns the message's id.</summary>
    public async Task<string> PublishAsync(string eventType, JsonObject payload) =>
        (await PostAsync($"app/{App}/msg", new JsonObject { ["eventType"] = eventType, ["payload"] = payload }))["id"]!.GetValue<string>();

    /// <summary>The same with a payload as it is written here, to the byte.</summary>
    public async Task<string> PublishRawAsync(string eventType, string payload)
    {
        using var content = new StringContent($$"""{"eventType": "{{eventType}}", "payload": {{payload}}}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri($"app/{App}/msg", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    public async Task<JsonObject> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonObject>(path))!;

    public async Task<JsonObject> PostAsync(string path, JsonObject body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}
