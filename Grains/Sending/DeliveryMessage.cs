using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using Webhooks.Grains.Signing;

namespace Webhooks.Grains.Sending;

/// <summary>The HTTP request of an attempt. Nothing of it is parsed: headers and body go out as they are.</summary>
internal sealed class DeliveryMessage : HttpRequestMessage
{
    private static readonly string s_userAgent = "Orleans.Webhooks/" + Version();

    private volatile bool _openedConnection;

    /// <param name="request">Its headers are known to be faultless.</param>
    /// <param name="signature">Made once for an attempt, however often it is sent.</param>
    public DeliveryMessage(DeliveryRequest request, HeaderStyle style, string timestamp, string signature)
        : base(HttpMethod.Post, request.Url)
    {
        base.Version = HttpVersion.Version11;
        VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Content = new ByteArrayContent(request.Body);

        if (style != HeaderStyle.Svix)
        {
            Headers.TryAddWithoutValidation("webhook-id", request.MessageId);
            Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
            Headers.TryAddWithoutValidation("webhook-signature", signature);
        }

        if (style != HeaderStyle.Standard)
        {
            Headers.TryAddWithoutValidation("svix-id", request.MessageId);
            Headers.TryAddWithoutValidation("svix-timestamp", timestamp);
            Headers.TryAddWithoutValidation("svix-signature", signature);
        }

        Content.Headers.TryAddWithoutValidation("content-type", request.ContentType);
        Headers.TryAddWithoutValidation("user-agent", s_userAgent);
        Headers.TryAddWithoutValidation("accept", "*/*");
        if (request.TraceParent is not null)
        {
            Headers.TryAddWithoutValidation("traceparent", request.TraceParent);
        }

        if (request.Url.UserInfo.Length > 0)
        {
            Headers.TryAddWithoutValidation("authorization", Basic(request.Url.UserInfo));
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!HeaderRules.IsOurs(name))
            {
                HttpHeaders headers = HeaderRules.IsOfContent(name) ? Content.Headers : Headers;
                headers.Remove(name);
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>
    /// Whether a connection was opened because of this request. Where it was not, the request went out on a used one,
    /// which the receiver may have been closing at that moment.
    /// </summary>
    public bool OpenedConnection
    {
        get => _openedConnection;
        set => _openedConnection = value;
    }

    /// <summary>Signs a request as of its start.</summary>
    public static (string Timestamp, string Signature) Sign(DeliveryRequest request)
    {
        var timestamp = request.StartedAt.ToUnixTimeSeconds();
        return (
            timestamp.ToString(CultureInfo.InvariantCulture),
            SignatureList.Of(request.Keys, request.MessageId, timestamp, request.Body));
    }

    private static string Basic(string userInfo)
    {
        // A name without a password still has its colon.
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var pair = colon < 0 ? Uri.UnescapeDataString(userInfo) + ":" : Uri.UnescapeDataString(userInfo[..colon]) + ":" + Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
    }

    private static new string Version()
    {
        var version = typeof(DeliveryMessage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "1.0";
        var build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }
}
