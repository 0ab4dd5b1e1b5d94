using System.Diagnostics;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Telemetry;

/// <summary>
/// The span of an attempt: below its publish, or a root with the same ids. It names the receiver's host and never a path, a
/// header or a payload.
/// </summary>
internal static class AttemptSpan
{
    private const string ErrorType = "error.type";

    public static Activity? Start(string? publish, EndpointDetails endpoint, Uri url, Guid message, Guid attempt)
    {
        var span = Tracing.Start("attempt", ActivityKind.Client, publish);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("webhooks.application.id", endpoint.ApplicationId)
                .SetTag("webhooks.endpoint.id", endpoint.Id)
                .SetTag("webhooks.message.id", EntityId.Format(EntityId.Message, message))
                .SetTag("webhooks.attempt.id", EntityId.Format(EntityId.Attempt, attempt))
                .SetTag("http.request.method", "POST")
                .SetTag("server.address", url.Host)
                .SetTag("server.port", url.Port)
                .SetTag("url.scheme", url.Scheme);
        }

        return span;
    }

    public static void End(Activity? span, AttemptResult result)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag("webhooks.attempt.outcome", AttemptWords.Of(result.Outcome));
        if (result.StatusCode != 0)
        {
            span.SetTag("http.response.status_code", result.StatusCode);
        }

        if (result.Outcome != AttemptOutcome.Success)
        {
            span.SetTag(ErrorType, result.Outcome == AttemptOutcome.HttpError
                ? result.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : AttemptWords.Of(result.Outcome));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
