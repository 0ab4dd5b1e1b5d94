using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Listing;

/// <summary>The API through one gateway, for what happens before and after the load.</summary>
internal sealed class Api : IDisposable
{
    private const int PageSize = 250;
    private const int Tries = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;

    public Api(Uri gateway)
    {
        _http = new HttpClient { BaseAddress = new Uri(gateway, "api/v1/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.ForOrganization());
    }

    /// <summary>A POST that must succeed; the answer's id or name.</summary>
    public async Task<string> CreateAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(path, content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {path} was answered {(int)response.StatusCode}: {text}");
        }

        var answer = JsonNode.Parse(text)!;
        return (answer["id"] ?? answer["name"])!.GetValue<string>();
    }

    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? iterator = null;
        for (var done = false; !done;)
        {
            var page = await ReadAsync($"{path}?with_content=false&limit={PageSize}{(iterator is null ? "" : $"&iterator={iterator}")}", cancellationToken);
            foreach (var item in page["data"]!.AsArray())
            {
                yield return item!.AsObject();
            }

            done = page["done"]!.GetValue<bool>();
            iterator = page["iterator"]?.GetValue<string>();
        }
    }

    public void Dispose() => _http.Dispose();

    // A page may be refused while a cluster is still busy with what was done to it.
    private async Task<JsonObject> ReadAsync(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await _http.GetFromJsonAsync<JsonObject>(path, cancellationToken))!;
            }
            catch (HttpRequestException refused) when ((refused.StatusCode is null || (int)refused.StatusCode >= 500) && attempt < Tries)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
