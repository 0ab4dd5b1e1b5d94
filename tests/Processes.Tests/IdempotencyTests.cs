using System.Net;
using Webhooks.Processes.Tests.Harness;
using Webhooks.Tests.Shared.Processes;
using Xunit;

namespace Webhooks.Processes.Tests;

/// <summary>One idempotency key is one effect and one answer, over gateways and their deaths.</summary>
public sealed class IdempotencyTests
{
    private const int Repeats = 200;
    private const int Keys = 150;

    [Fact(Timeout = 180_000)]
    public async Task Two_hundred_calls_at_once_with_one_key_over_two_gateways_are_one()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 2, cancellation);
        var api = cluster.Gateways[0].Api;

        var application = await OneAnswerAsync(cluster, "api/v1/app", """{"name":"one"}""", HttpStatusCode.Created, cancellation);
        var id = Assert.Single(await api.ListApplicationIdsAsync(cancellation));
        Assert.Contains(id, application, StringComparison.Ordinal);

        var message = await OneAnswerAsync(cluster, $"api/v1/app/{id}/msg", """{"eventType":"a","payload":{"n":1}}""", HttpStatusCode.Accepted, cancellation);
        Assert.Contains(Assert.Single(await api.ListMessageIdsAsync(id, cancellation)), message, StringComparison.Ordinal);

        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await OneAnswerAsync(cluster, $"api/v1/app/{id}/msg?scheduled", $$"""{"eventType":"a","payload":{},"deliverAt":"{{later}}"}""", HttpStatusCode.Accepted, cancellation);
        await OneAnswerAsync(cluster, $"api/v1/app/{id}/msg/batch", """{"messages":[{"eventType":"a","payload":{}},{"eventType":"b","payload":{}}]}""", HttpStatusCode.Accepted, cancellation);
        Assert.Equal(3, (await api.ListMessageIdsAsync(id, cancellation)).Count);

        await OneAnswerAsync(cluster, $"api/v1/app/{id}/endpoint", """{"url":"https://receiver.example/"}""", HttpStatusCode.Created, cancellation);
        await OneAnswerAsync(cluster, "api/v1/event-type", """{"name":"one.type","description":""}""", HttpStatusCode.Created, cancellation);
    }

    [Fact(Timeout = 180_000)]
    public async Task What_was_under_way_when_a_gateway_was_killed_is_done_once_when_it_is_repeated_at_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await WebhooksCluster.StartAsync(silos: 2, gateways: 2, cancellation);
        var (dying, other) = (cluster.Gateways[0], cluster.Gateways[1]);
        var application = await other.Api.CreateApplicationAsync("messages", cancellation);
        (string Path, string Body)[] calls =
        [
            ($"api/v1/app/{application}/msg", """{"eventType":"a","payload":{}}"""),
            ("api/v1/app", """{"name":"by key"}"""),
        ];

        var answered = 0;
        var first = calls.SelectMany(call => Enumerable.Range(0, Keys).Select(async key =>
        {
            var answer = await AnswerOrNothingAsync(dying.Api, call.Path, call.Body, "key-" + key, cancellation);
            Interlocked.Increment(ref answered);
            return answer;
        })).ToArray();
        await Waiting.UntilAsync(() => Volatile.Read(ref answered) >= Keys / 4, TimeSpan.FromSeconds(30), "a part has been answered", cancellation);
        await dying.KillAsync();
        var before = await Task.WhenAll(first);
        Assert.Contains(null, before);

        var after = await Task.WhenAll(calls.SelectMany(call => Enumerable.Range(0, Keys).Select(key => UntilAnsweredAsync(other.Api, call.Path, call.Body, "key-" + key, cancellation))));

        foreach (var (earlier, later) in before.Zip(after))
        {
            Assert.True(earlier is null || earlier == later, $"First {earlier}, then {later}");
        }

        Assert.Equal(Keys, (await other.Api.ListMessageIdsAsync(application, cancellation)).Count);
        Assert.Equal(Keys + 1, (await other.Api.ListApplicationIdsAsync(cancellation)).Count);
    }

    private static async Task<string> OneAnswerAsync(WebhooksCluster cluster, string path, string body, HttpStatusCode expected, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Repeats).Select(n => cluster.Gateways[n % 2].Api.PostAsync(path, body, "one-key", cancellation)));
        Assert.All(answers, answer => Assert.Equal(expected, answer.Status));
        return Assert.Single(answers.Select(static a => a.Text).Distinct());
    }

    private static async Task<string?> AnswerOrNothingAsync(WebhooksApi api, string path, string body, string key, CancellationToken cancellation)
    {
        try
        {
            var (status, text) = await api.PostAsync(path, body, key, cancellation);
            return (int)status is >= 200 and < 300 ? text : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    // As clients do: 5xx is tried again.
    private static async Task<string> UntilAnsweredAsync(WebhooksApi api, string path, string body, string key, CancellationToken cancellation)
    {
        string? text = null;
        await Waiting.UntilAsync(async () => (text = await AnswerOrNothingAsync(api, path, body, key, cancellation)) is not null, TimeSpan.FromSeconds(60), key + " is answered", cancellation);
        return text!;
    }
}
