using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Webhooks.Faults.Recording;
using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Faults.Publishing;

/// <summary>Publishes through one gateway, one request at a call.</summary>
internal sealed class PublishClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly int _number;
    private readonly RunClock _clock;

    public PublishClient(int number, Uri gateway, TimeSpan patience, RunClock clock)
    {
        _number = number;
        _clock = clock;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1) };
        _http = new HttpClient(handler) { BaseAddress = gateway, Timeout = patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.ForOrganization());
    }

    /// <exception cref="InvalidOperationException">An answer that no publisher should get: 4xx.</exception>
    public async Task<Answer> PublishAsync(string application, string body, string idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/app/{application}/msg?with_content=false");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("idempotency-key", idempotencyKey);
        var sentAt = _clock.Now;
        Answer Ended(Conclusion conclusion, int status, string? id = null) => new(_number, conclusion, status, id, sentAt, _clock.Now - sentAt);
        try
        {
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var status = (int)response.StatusCode;
            return status switch
            {
                (int)HttpStatusCode.Accepted => Ended(Conclusion.Accepted, status, JsonNode.Parse(text)!["id"]!.GetValue<string>()),
                (int)HttpStatusCode.TooManyRequests => Ended(Conclusion.NotKept, status),
                // The same 503 is said when nothing was kept and when nobody knows.
                >= 500 => Ended(Conclusion.Unknown, status),
                _ => throw new InvalidOperationException($"A publish was answered {status}: {text}"),
            };
        }
        catch (HttpRequestException fault)
        {
            // Without a connection nothing was sent; a connection that broke may have brought the request over.
            return Ended(fault.HttpRequestError == HttpRequestError.ConnectionError ? Conclusion.NotKept : Conclusion.Unknown, 0);
        }
        catch (TaskCanceledException)
        {
            // The request's patience: this is the only one who cancels it.
            return Ended(Conclusion.Unknown, 0);
        }
    }

    public void Dispose() => _http.Dispose();
}
