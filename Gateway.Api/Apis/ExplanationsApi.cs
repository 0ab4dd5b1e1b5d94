using System.Globalization;
using System.Text.Json;
using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Why was this not delivered? The answer, in fields and in words.</summary>
internal static class ExplanationsApi
{
    public static void MapExplanations(this RouteGroupBuilder api) =>
        api.MapGet("/app/{app}/msg/{message}/endpoint/{endpoint}/explain", ExplainAsync).WithTags("Message Attempt");

    private static async Task<IResult> ExplainAsync(HttpContext http, string app, string message, string endpoint, GrainCalls calls, Applications applications)
    {
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        var explanation = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).Explain(found, message)) ?? throw ApiException.NotFound();
        return new JsonBody(200, json => Write(json, explanation, found));
    }

    private static void Write(Utf8JsonWriter json, DeliveryExplanation e, EndpointDetails endpoint)
    {
        json.WriteStartObject();
        json.WriteString("standing", e.Standing switch
        {
            DeliveryStanding.NotMatched => "not-matched",
            DeliveryStanding.Retrying => "retrying",
            DeliveryStanding.Behind => "behind",
            DeliveryStanding.Delivered => "delivered",
            DeliveryStanding.DeadLetter => "dead-letter",
            _ => "waiting",
        });
        json.WriteString("inWords", Words(e, endpoint));
        json.WriteBoolean("matchesNow", e.MatchesNow);
        json.WriteString("ordering", EndpointInput.Spell(endpoint.Ordering));
        if (e.Ahead is { } ahead)
        {
            json.WriteNumber("ahead", ahead);
        }
        else
        {
            json.WriteNull("ahead");
        }

        json.WriteBoolean("disabled", e.Disabled);
        json.WriteString("disabledReason", e.DisabledReason);
        json.WriteBoolean("circuitOpen", e.CircuitOpen);
        WriteTimeOrNull(json, "failingSince", e.FailingSince);
        WriteTimeOrNull(json, "nextAttempt", e.NextAttemptAt);
        json.WriteNumber("attempts", e.Attempts);
        json.WriteNumberOrNull("lastStatusCode", e.LastAttempt?.ResponseStatusCode);
        json.WriteString("lastResponse", e.LastAttempt?.Response);
        json.WriteString("deadReason", e.DeadReason);
        json.WriteEndObject();
    }

    private static string Words(DeliveryExplanation e, EndpointDetails endpoint)
    {
        var endpointWords = e.Disabled
            ? " The endpoint is disabled" + (e.DisabledReason switch
            {
                "gone" => " because the receiver answered 410",
                "asked" => " because the receiver asked for it",
                "failing" => " because it had been failing for too long",
                _ => "",
            }) + "; what waits is sent once it is enabled."
            : endpoint.Paused ? " The endpoint is paused; what waits is sent once it is resumed."
            : e.CircuitOpen ? " The endpoint is failing; one probe goes out per step of its schedule." : "";
        var next = e.NextAttemptAt is { } at ? $" The next attempt is planned for {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC." : "";
        return e.Standing switch
        {
            DeliveryStanding.NotMatched => "The endpoint was no recipient when the message was published: its event types or channels did not let it through, or it was created later."
                + (e.MatchesNow ? " It would be one now; resend to deliver it." : " It would be none now either."),
            DeliveryStanding.Delivered => "It was delivered.",
            DeliveryStanding.DeadLetter => "It was given up: " + e.DeadReason switch
            {
                "exhausted" => $"all {e.Attempts} attempts of the schedule failed.",
                "deadline" => "its time was over when an attempt failed.",
                "aborted" => "the receiver asked that it be not tried again.",
                "skipped" => "an operator skipped it.",
                "purged" => "an operator purged the queue.",
                "from_now" => "the endpoint was resumed from then on.",
                "payload_gone" => "its payload had been removed.",
                _ => e.DeadReason + ".",
            } + " Resend to try once more.",
            DeliveryStanding.Retrying => $"It has been tried {e.Attempts} times, last with {Last(e)}." + next + endpointWords,
            DeliveryStanding.Behind => "An earlier message that it must not overtake is to be tried again first." + next + endpointWords,
            _ => (e.Ahead is > 0 ? $"It waits for its turn; at most {e.Ahead} messages are ahead." : "It is next.") + (e.Attempts > 0 ? $" The last attempt ended with {Last(e)}." : "") + next + endpointWords,
        };
    }

    private static string Last(DeliveryExplanation e) => e.LastAttempt is not { } last ? "nothing yet"
        : last.ResponseStatusCode > 0 ? "status " + last.ResponseStatusCode.ToString(CultureInfo.InvariantCulture)
        : last.Response;

    private static void WriteTimeOrNull(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteTime(name, at);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
