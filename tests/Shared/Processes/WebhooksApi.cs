using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Webhooks.Tests.Shared.Processes;

/// <summary>The REST contract as a publisher speaks it, through one gateway.</summary>
public sealed class WebhooksApi : IDisposable
{
    private readonly HttpClient _http;

    public WebhooksApi(Uri gateway, string? token = null)
    {
        _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Tokens.ForOrganization());
    }

    public async Task<string> CreateApplicationAsync(string name, CancellationToken cancellationToken) =>
        Text(await PostAsync("api/v1/app", new JsonObject { ["name"] = name }, cancellationToken), "id");

    public Task CreateEventTypeAsync(string name, CancellationToken cancellationToken) =>
        PostAsync("api/v1/event-type", new JsonObject { ["name"] = name, ["description"] = "" }, cancellationToken);

    /// <summary>Creates an endpoint and returns its id.</summary>
    /// <param name="eventTypes">Event types it wants; all when empty.</param>
    public async Task<string> CreateEndpointAsync(string application, Uri url, string secret, CancellationToken cancellationToken, params string[] eventTypes)
    {
        var body = new JsonObject { ["url"] = url.AbsoluteUri, ["secret"] = secret };
        if (eventTypes.Length > 0)
        {
            body["eventTypes"] = new JsonArray([.. eventTypes.Select(name => (JsonNode)name)]);
        }

        return Text(await PostAsync($"api/v1/app/{application}/endpoint", body, cancellationToken), "id");
    }

    /// <summary>Publishes a payload given as JSON text, once, and returns the whole answer.</summary>
    public Task<HttpResponseMessage> TryPublishAsync(string application, string eventType, string payload, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/app/{application}/msg")
        {
            Content = Json($$"""{"eventType":{{JsonSerializer.Serialize(eventType)}},"payload":{{payload}}}"""),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("idempotency-key", idempotencyKey);
        }

        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>Publishes a payload given as JSON text and returns the message's id; anything but 202 fails.</summary>
    public async Task<string> PublishAsync(string application, string eventType, string payload, CancellationToken cancellationToken)
    {
        using var response = await TryPublishAsync(application, eventType, payload, null, cancellationToken);
        return await ReadMessageIdAsync(response, cancellationToken);
    }

    /// <summary>The id in the answer to a publish; anything but 202 fails.</summary>
    public static async Task<string> ReadMessageIdAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await ExpectAsync(HttpStatusCode.Accepted, response, cancellationToken);
        // Payloads nest deeper than a reader allows by default.
        using var body = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = 2000 }, cancellationToken);
        return body.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Ids of all messages of the application, in the order of its log.</summary>
    public async Task<List<string>> ListMessageIdsAsync(string application, CancellationToken cancellationToken)
    {
        var messages = await ListAsync($"api/v1/app/{application}/msg?with_content=false", cancellationToken);
        messages.Reverse();
        return [.. messages.Select(message => Text(message, "id"))];
    }

    /// <summary>All attempts of an endpoint, the oldest first.</summary>
    public async Task<List<AnsweredAttempt>> ListAttemptsAsync(string application, string endpoint, CancellationToken cancellationToken)
    {
        var attempts = await ListAsync($"api/v1/app/{application}/attempt/endpoint/{endpoint}?with_content=false", cancellationToken);
        attempts.Reverse();
        return [.. attempts.Select(attempt => new AnsweredAttempt(Text(attempt, "msgId"), attempt["responseStatusCode"]!.GetValue<int>()))];
    }

    /// <summary>A POST of any kind with an idempotency key: the status and the text of the answer.</summary>
    public async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string body, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Add("idempotency-key", idempotencyKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Ids of all applications of the organization.</summary>
    public async Task<List<string>> ListApplicationIdsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("api/v1/app?order=ascending", cancellationToken)).Select(app => Text(app, "id"))];

    /// <summary>A GET of any page of the gateway.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) => _http.GetAsync(path, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<List<JsonObject>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        string? iterator = null;
        while (true)
        {
            var page = (await _http.GetFromJsonAsync<JsonObject>($"{path}&limit=250{(iterator is null ? "" : $"&iterator={iterator}")}", cancellationToken))!;
            items.AddRange(page["data"]!.AsArray().Select(item => item!.AsObject()));
            if (page["done"]!.GetValue<bool>())
            {
                return items;
            }

            iterator = Text(page, "iterator");
        }
    }

    private async Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(path, Json(body.ToJsonString()), cancellationToken);
        await ExpectAsync(HttpStatusCode.Created, response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
    }

    private static async Task ExpectAsync(HttpStatusCode expected, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != expected)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string Text(JsonObject from, string field) => from[field]!.GetValue<string>();
}

/// <summary>An attempt as the API lists it.</summary>
public sealed record AnsweredAttempt(string MessageId, int StatusCode);
