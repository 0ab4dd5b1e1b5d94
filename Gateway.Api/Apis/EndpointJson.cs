using System.Text.Json;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Endpoints as the contract shows them: never their secret or headers.</summary>
internal static class EndpointJson
{
    public static void Write(Utf8JsonWriter json, EndpointDetails endpoint)
    {
        json.WriteStartObject();
        WriteFields(json, endpoint);
        json.WriteMap("metadata", endpoint.Metadata);
        json.WriteEndObject();
    }

    /// <summary>Everything but the metadata.</summary>
    public static void WriteFields(Utf8JsonWriter json, EndpointDetails endpoint)
    {
        json.WriteString("id", endpoint.Id);
        json.WriteString("url", endpoint.Url);
        json.WriteString("description", endpoint.Description);
        json.WriteString("uid", endpoint.Uid);
        json.WriteBoolean("disabled", endpoint.Disabled);
        json.WriteBoolean("paused", endpoint.Paused);
        json.WriteListOrNull("eventTypes", endpoint.EventTypes);
        json.WriteListOrNull("filterTypes", endpoint.EventTypes);
        json.WriteListOrNull("channels", endpoint.Channels);
        json.WriteNumberOrNull("throttleRate", endpoint.ThrottleRate);
        json.WriteNumberOrNull("rateLimit", endpoint.ThrottleRate);
        json.WriteNumber("version", endpoint.Version);
        json.WriteString("ordering", EndpointInput.Spell(endpoint.Ordering));
        json.WriteNumberOrNull("maxInFlight", endpoint.MaxInFlight);
        if (endpoint.RetrySchedule is { } schedule)
        {
            json.WriteStartArray("retrySchedule");
            foreach (var seconds in schedule)
            {
                json.WriteNumberValue(seconds);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("retrySchedule");
        }

        json.WritePropertyName("filter");
        json.WriteRawValue(endpoint.Filter ?? "null", skipInputValidation: true);
        json.WriteTime("createdAt", endpoint.CreatedAt);
        json.WriteTime("updatedAt", endpoint.UpdatedAt);
    }
}
