using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Webhooks.Grains.Sending;
using Webhooks.Tests.Shared;

namespace Webhooks.Grains.Tests.Engine;

/// <summary>
/// Attempts that have ended when the call that starts them returns, as happens when a receiver's answer is there before
/// anybody has begun to wait for it.
/// </summary>
public sealed class PromptAnswerTests
{
    [Fact]
    public async Task What_waits_behind_a_retry_follows_it_although_the_retry_ends_while_it_is_started()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-webhooks-tests");
        await using var receiver = await ReceiverServer.StartAsync(ReceiverServer.Status(503));
        await using var engine = await EngineHost.StartWithAsync(
            static services => services.AddSingleton<WebhookSender>().AddSingleton<IWebhookSender, PromptSender>(),
            folder.FullName,
            ("Webhooks:Delivery:RetrySchedule:0", "1"),
            ("Webhooks:Delivery:RetrySchedule:1", "1"),
            ("Webhooks:Delivery:RetrySchedule:2", "1"));
        var application = await engine.CreateApplicationAsync();
        await engine.CreateEndpointAsync(application.Id, receiver.Url.ToString());

        await engine.PublishAsync(application.Id, """{"n":1}""");
        await Eventually.TrueAsync(() => receiver.Requests.Count >= 1, "the first attempt has failed");
        receiver.Answer = ReceiverServer.Status(204);
        await engine.PublishAsync(application.Id, """{"n":2}""");

        await Eventually.TrueAsync(() => Body(receiver.Requests[^1]) == """{"n":2}""", "the message behind it is delivered");
    }

    private static string Body(ReceivedRequest request) => Encoding.UTF8.GetString(request.Body);

    /// <summary>The real sender, whose answer is waited for in the call.</summary>
    private sealed class PromptSender(WebhookSender inner) : IWebhookSender
    {
        public Task<AttemptResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
        {
            var answer = Task.Run(() => inner.SendAsync(request, cancellationToken), cancellationToken);
            answer.Wait(cancellationToken);
            return answer;
        }
    }
}
