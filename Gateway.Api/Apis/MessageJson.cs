using System.Text.Json;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Messages as the contract shows them.</summary>
internal static class MessageJson
{
    public static void Write(Utf8JsonWriter json, MessageDetails message, bool withContent)
    {
        json.WriteStartObject();
        WriteFields(json, message, withContent);
        json.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter json, MessageDetails message, bool withContent)
    {
        json.WriteString("id", message.Id);
        json.WriteString("eventId", message.EventId);
        json.WriteString("eventType", message.EventType);
        json.WriteListOrNull("channels", message.Channels);
        if (message.Tags is not null)
        {
            json.WriteListOrNull("tags", message.Tags);
        }

        json.WritePropertyName("payload");
        if (!withContent)
        {
            json.WriteRawValue("{}"u8);
        }
        else if (message.Payload is { } payload && IsJsonObject(payload))
        {
            json.WriteRawValue(payload, skipInputValidation: true);
        }
        else
        {
            json.WriteRawValue("""{"expired":true}"""u8);
        }

        json.WriteTime("timestamp", message.AcceptedAt);
        if (message.DeliverAt is { } at)
        {
            json.WriteTime("deliverAt", at);
        }

        if (message.OrderingKey is not null)
        {
            json.WriteString("orderingKey", message.OrderingKey);
        }
    }

    /// <summary>A raw payload need not be JSON; the contract's field must be.</summary>
    private static bool IsJsonObject(byte[] payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 10_000 });
        try
        {
            var first = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // The whole text must be well-formed to be passed through.
            }

            return first;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
