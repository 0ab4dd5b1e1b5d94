using System.Text;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Signing;

namespace Webhooks.Grains.Tests.Sending;

/// <summary>Senders and requests for tests.</summary>
internal static class SenderFixture
{
    public const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>A sender that may reach the receivers of tests, and nothing else that is not public.</summary>
    public static WebhookSender Local(DeliveryOptions? delivery = null, ConnectionOptions? connections = null) =>
        Create(new EgressOptions { AllowHttp = true, AllowedSubnets = ["127.0.0.1"] }, delivery, connections);

    public static WebhookSender Create(EgressOptions egress, DeliveryOptions? delivery = null, ConnectionOptions? connections = null) =>
        new(new EgressPolicy(egress), Options.Create(delivery ?? new DeliveryOptions()), Options.Create(connections ?? new ConnectionOptions()));

    public static DeliveryRequest Request(Uri url, string body = "{}") => new()
    {
        MessageId = "msg_p5jXN8AQM9LWM0D4loKWxJek",
        Url = url,
        Body = Encoding.UTF8.GetBytes(body),
        ContentType = "application/json",
        Keys = [SigningKeys.Parse(Key)],
        Headers = new Dictionary<string, string>(),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1614265330_999),
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>The answer, or the words for its absence.</summary>
    public static string Text(this AttemptResult result) => Encoding.UTF8.GetString(result.Response);
}
