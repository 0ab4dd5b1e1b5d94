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
        json.WriteString("inWords", ExplanationWords.Of(e, endpoint));
        json.WriteBoolean("matchesNow", e.MatchesNow);
        json.WriteString("rule", e.Rule);
        json.WriteString("ordering", EndpointInput.Spell(endpoint.Ordering));
        json.WriteString("lane", e.Lane);
        if (e.Ahead is { } ahead)
        {
            json.WriteNumber("ahead", ahead);
            json.WriteBoolean("aheadIsExact", e.AheadIsExact);
        }
        else
        {
            json.WriteNull("ahead");
            json.WriteNull("aheadIsExact");
        }

        json.WriteBoolean("paused", e.Paused);
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
