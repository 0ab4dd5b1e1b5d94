using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Webhooks.Gateway.Api.Tests;

/// <summary>An answer of the gateway.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Text">Its body.</param>
/// <param name="Headers">Its headers.</param>
public sealed record ApiAnswer(int Status, string Text, HttpResponseHeaders Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json { get; } = Text.Length > 0 && Text[0] is '{' or '[' ? JsonDocument.Parse(Text, new JsonDocumentOptions { MaxDepth = 2000 }).RootElement : default;

    /// <summary>A text field of the body.</summary>
    public string this[string field] => Json.GetProperty(field).GetString()!;

    /// <summary>The answer, if it has this status.</summary>
    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        return this;
    }

    /// <summary>The places of the faults of a 422, each joined by slashes.</summary>
    public string[] Locations() =>
        [.. Expect(422).Json.GetProperty("detail").EnumerateArray().Select(static f => string.Join('/', f.GetProperty("loc").EnumerateArray().Select(static p => p.GetString())))];

    /// <summary>The types of the faults of a 422.</summary>
    public string[] FaultTypes() =>
        [.. Expect(422).Json.GetProperty("detail").EnumerateArray().Select(static f => f.GetProperty("type").GetString()!)];

    /// <summary>The values of a field of a list's items.</summary>
    public string[] Items(string field) =>
        [.. Expect(200).Json.GetProperty("data").EnumerateArray().Select(i => i.GetProperty(field).GetString()!)];

    /// <summary>Whether a list says that nothing lies beyond.</summary>
    public bool Done => Json.GetProperty("done").GetBoolean();
}

/// <summary>Speaks HTTP to the gateway, with bodies as JSON text.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _root;

    /// <summary>A client with this token, or without.</summary>
    public ApiClient(Uri address, string? token)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        _root = address.GetLeftPart(UriPartial.Authority);
        if (token is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }
    }

    /// <summary>GET; paths begin below <c>/api/v1</c> unless they begin with <c>~</c>.</summary>
    public Task<ApiAnswer> Get(string path) => Send(HttpMethod.Get, path);

    /// <summary>POST.</summary>
    public Task<ApiAnswer> Post(string path, string body, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>PUT.</summary>
    public Task<ApiAnswer> Put(string path, string body) => Send(HttpMethod.Put, path, Encoding.UTF8.GetBytes(body));

    /// <summary>PATCH.</summary>
    public Task<ApiAnswer> Patch(string path, string body) => Send(HttpMethod.Patch, path, Encoding.UTF8.GetBytes(body));

    /// <summary>DELETE.</summary>
    public Task<ApiAnswer> Delete(string path) => Send(HttpMethod.Delete, path);

    /// <summary>Creates an application and returns its id.</summary>
    public async Task<string> NewApplication(string fields = "") =>
        (await Post("/app", """{"name":"An application" """ + fields + "}")).Expect(201)["id"];

    /// <summary>Any request.</summary>
    public async Task<ApiAnswer> Send(HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_root + (path.StartsWith('~') ? path[1..] : "/api/v1" + path)));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.StatusCode >= HttpStatusCode.BadRequest && method != HttpMethod.Head)
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            using var json = JsonDocument.Parse(text);
            Assert.True(json.RootElement.TryGetProperty("detail", out _), text);
        }

        return new ApiAnswer((int)response.StatusCode, text, response.Headers);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
